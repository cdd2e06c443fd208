package io.fanfold.worker.lane;

import io.fanfold.protocol.array.ArrayFormatException;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.ChunkHeader;
import io.fanfold.protocol.wire.Failure;
import io.fanfold.worker.strategy.Execution;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** A chunk on its way through a lane. Its lane guards what changes. */
final class Chunk {
    /** What a chunk costs beside its bytes: its record, its place in the queues, a thread that waits. */
    private static final int OVERHEAD_BYTES = 2048;

    /** How a chunk must be run that a former owner may have died of. */
    enum Suspicion {
        NONE,
        /** In a process of its own kind beside other suspects: most of them are innocent. */
        TOGETHER,
        /** In a process of its own: that of the others died. */
        ALONE
    }

    private final ConsumerRecord<byte[], byte[]> record;
    private final KnownJob job;
    private final ChunkHeader place;
    private final long takenNanos = System.nanoTime();
    Suspicion suspicion = Suspicion.NONE;
    Execution.@Nullable Running running;
    int inFlight;

    Chunk(ConsumerRecord<byte[], byte[]> record, KnownJob job, ChunkHeader place) {
        this.record = record;
        this.job = job;
        this.place = place;
    }

    ConsumerRecord<byte[], byte[]> record() {
        return record;
    }

    KnownJob job() {
        return job;
    }

    long index() {
        return place.index();
    }

    long offset() {
        return record.offset();
    }

    /** Its rows as {@code .npy} bytes; empty where the record has no value. */
    Optional<byte[]> npy() {
        return Optional.ofNullable(record.value());
    }

    /** Bytes of its array, without the header in front of them; 0 where there is none that is known here. */
    long dataBytes() {
        try {
            MemorySegment value = MemorySegment.ofArray(npy().orElse(new byte[0]));
            return value.byteSize() - Npy.readHeader(value, "chunk").dataOffset();
        } catch (ArrayFormatException e) {
            return 0;
        }
    }

    long waitedNanos() {
        return System.nanoTime() - takenNanos;
    }

    /** Names the chunk in errors and logs. */
    String where() {
        return "chunk " + place.index() + " of job " + job.id();
    }

    Failure failure(String error, String message, String worker) {
        return new Failure(error, message, job.header().function().toString(), place.start(), worker);
    }

    /** What a record costs while it is held. */
    static long cost(ConsumerRecord<byte[], byte[]> record) {
        long headers = 0;
        for (var header : record.headers()) {
            headers += header.key().length() + (header.value() == null ? 0 : header.value().length);
        }
        return OVERHEAD_BYTES
                + headers
                + Math.max(0, record.serializedKeySize())
                + Math.max(0, record.serializedValueSize());
    }
}
