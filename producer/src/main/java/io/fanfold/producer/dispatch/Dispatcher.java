package io.fanfold.producer.dispatch;

import io.fanfold.producer.split.Pieces;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.topics.TopicSetup;
import io.fanfold.protocol.wire.Cancel;
import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Records;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Writes jobs: the spec first, then the chunks, then the seal. Chunks go to the partitions of their pool in turn, no more of them than
 * the fleet needs: the job's progress makes room for the next. Any thread; {@link #dispatch} waits for room.
 */
public final class Dispatcher implements AutoCloseable {
    private static final long CANCEL_WITHIN_SECONDS = 15;
    private static final long BUFFER_BYTES = 32L * 1024 * 1024;

    private final KafkaSettings kafka;
    private final Writer writer;
    private final MeterRegistry meters;
    private final Counter chunks;
    private final String clientId;
    private final Map<Codec, Writer> compressing = new ConcurrentHashMap<>();
    private final Map<String, Integer> partitions = new ConcurrentHashMap<>();
    private final AtomicLong inFlight = new AtomicLong();

    public Dispatcher(KafkaSettings kafka, String clientId, MeterRegistry meters) {
        this.kafka = kafka;
        this.clientId = clientId;
        this.meters = meters;
        this.writer = new Writer(kafka, clientId, Codec.NONE, BUFFER_BYTES, meters);
        this.chunks = meters.counter("fanfold.chunks.dispatched");
        meters.gauge("fanfold.bytes.in.flight", inFlight);
    }

    /** For chunks that are compressed so. */
    private Writer writer(Codec codec) {
        return codec == Codec.NONE
                ? writer
                : compressing.computeIfAbsent(
                        codec, c -> new Writer(kafka, clientId + "-" + c.wire(), c, BUFFER_BYTES, meters));
    }

    /** How many partitions a topic has. */
    public int partitions(String topic) {
        return partitions.computeIfAbsent(topic, t -> {
            try (TopicSetup setup = new TopicSetup(kafka)) {
                return setup.partitions(t);
            }
        });
    }

    /** Records a job; from then on it is accepted. Returns when that was, by the broker's clock. */
    public Instant accept(JobRecord.Spec spec) {
        RecordMetadata accepted = writer.write(Records.spec(kafka.topics(), spec));
        return Instant.ofEpochMilli(accepted.timestamp());
    }

    /** Takes a spec back that was too late for its key: it is no job. */
    public void retract(JobId job) {
        writer.write(Records.retraction(kafka.topics(), job));
    }

    /**
     * Writes the chunks of an accepted job that are not known to be done, and its seal; returns when the broker has them all, or the
     * job has ended.
     *
     * @param codec says how they are compressed, by the first
     * @param course how the job comes along
     * @param goOn asked before each chunk; false ends the dispatch early, without a seal
     * @throws IOException if the array stopped coming: the job is left without its other chunks
     */
    public void dispatch(
            JobRecord.Spec spec, Pieces pieces, Function<byte[], Codec> codec, Course course, BooleanSupplier goOn)
            throws IOException {
        Optional<Pieces.Piece> next = pieces.next(course.progress().doneBelow());
        Dispatch dispatch = begin(
                spec,
                pieces.count(),
                next.map(first -> codec.apply(first.npy())).orElse(Codec.NONE));
        try (Room room = new Room(inFlight, course, goOn)) {
            while (next.isPresent()) {
                Pieces.Piece piece = next.get();
                if (!room.admit(piece.index(), piece.npy().length)) {
                    return;
                }
                dispatch.write(piece.index(), piece.start(), piece.npy());
                next = pieces.next(0);
            }
        }
        dispatch.seal(pieces.total(), pieces.rows(), spec.claim().map(_ -> pieces.crc32c()));
    }

    /**
     * Begins to write the chunks of an accepted job, for somebody who has them one by one.
     *
     * @param count how many chunks the job has, be they all written or not; empty: nobody knows yet
     * @throws FanfoldException if the job's pool has no topic
     */
    public Dispatch begin(JobRecord.Spec spec, OptionalLong count) {
        return begin(spec, count, Codec.NONE);
    }

    private Dispatch begin(JobRecord.Spec spec, OptionalLong count, Codec codec) {
        String topic = kafka.topics().chunks(spec.pool());
        Dispatch.Place place = new Dispatch.Place(topic, partitions(topic), count);
        return new Dispatch(
                writer(codec), place, spec, chunks, seal -> writer.write(Records.seal(kafka.topics(), seal)));
    }

    /** Asks the owner of a job to end it; gives up, with an error, after 15 seconds without the broker's answer. */
    public void cancel(JobId job, String reason) {
        CompletableFuture<Void> asked = CompletableFuture.runAsync(
                () -> writer.write(Records.cancel(kafka.topics(), new Cancel(job, reason))),
                Thread::startVirtualThread);
        try {
            asked.orTimeout(CANCEL_WITHIN_SECONDS, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            throw new FanfoldException(
                    "job " + job + " could not be cancelled: " + kafka.bootstrapServers() + " does not answer", e);
        }
    }

    /** Takes back what a pool that is gone has offered. */
    public void withdraw(String pool, FunctionId function) {
        writer.write(Records.withdrawal(kafka.topics(), pool, function));
    }

    @Override
    public void close() {
        writer.close();
        compressing.values().forEach(Writer::close);
    }
}
