package io.fanfold.producer.client;

import io.fanfold.protocol.wire.ChunkHeader;
import io.fanfold.protocol.wire.DeadLetter;
import io.fanfold.protocol.wire.Failure;
import io.fanfold.protocol.wire.JobHeader;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.Outcome;
import io.fanfold.protocol.wire.Records;
import io.fanfold.protocol.wire.WireException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A dead letter as it lies in its topic: the record that was set aside, and why. Immutable. */
public final class Letter {
    private final ConsumerRecord<byte[], byte[]> record;
    private final DeadLetter why;
    private final Optional<JobHeader> header;
    private final Optional<ChunkHeader> place;

    /** @throws WireException if the record is no dead letter */
    Letter(ConsumerRecord<byte[], byte[]> record) {
        this.record = record;
        this.why = Records.deadLetter(record);
        Optional<JobHeader> job = Optional.empty();
        Optional<ChunkHeader> chunk = Optional.empty();
        try {
            job = Optional.of(Records.jobHeader(Records.rawJobHeader(record)));
            chunk = Optional.of(Records.chunkHeader(record));
        } catch (WireException e) {
            job = Optional.empty(); // it is no chunk, which may be why it is here
        }
        this.header = job;
        this.place = chunk;
    }

    /** Its offset in the dead-letters topic. */
    public long id() {
        return record.offset();
    }

    /** When it was set aside, by the broker's clock. */
    public Instant time() {
        return Instant.ofEpochMilli(record.timestamp());
    }

    /** Why, and whence it came. */
    public DeadLetter why() {
        return why;
    }

    /** How the chunk failed; empty where the record is no chunk, or an older worker set it aside. */
    public Optional<Failure> failure() {
        return why.outcome().map(Outcome.Failed::failure);
    }

    /** The job it is a chunk of; empty where the record is no chunk. */
    public Optional<JobId> job() {
        return header.map(JobHeader::job).or(() -> why.outcome().map(Outcome.Failed::job));
    }

    /** The chunk's index. */
    public OptionalLong chunk() {
        if (place.isPresent()) {
            return OptionalLong.of(place.get().index());
        }
        return why.outcome().isPresent() ? OptionalLong.of(why.outcome().get().index()) : OptionalLong.empty();
    }

    /** The function of the chunk, {@code name@version}. */
    public Optional<String> function() {
        return failure()
                .map(Failure::function)
                .or(() -> header.map(h -> h.function().toString()));
    }

    /** The record's key as text. */
    public Optional<String> key() {
        return Optional.ofNullable(record.key()).map(Letter::text);
    }

    /** The record's own headers as texts, in their order; none is left out, and a name may come more than once. */
    public List<Map.Entry<String, String>> headers() {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        record.headers().forEach(h -> headers.add(Map.entry(h.key(), h.value() == null ? "" : text(h.value()))));
        return headers;
    }

    /** The record's value; empty where it had none, or where it was too large to be kept twice. */
    public Optional<ByteBuffer> value() {
        return why.whole()
                ? Optional.ofNullable(record.value())
                        .map(v -> ByteBuffer.wrap(v).asReadOnlyBuffer())
                : Optional.empty();
    }

    ConsumerRecord<byte[], byte[]> record() {
        return record;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
