package io.fanfold.e2e;

import static org.awaitility.Awaitility.await;

import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.dispatch.Acceptance;
import io.fanfold.producer.dispatch.Limits;
import io.fanfold.producer.split.ChunkSize;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.NpyHeader;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.Outcome;
import io.fanfold.protocol.wire.Records;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.protocol.wire.Topics;
import io.fanfold.worker.lane.Bookmark;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Jobs of int64 arrays, chunks of two rows, on a fleet; and what the fleet's topics say of them. */
final class Jobs {
    static final int ROWS = 2;

    private Jobs() {}

    /** The array of so many chunks, the first elements of which are {@code first}, {@code first} + 2 and so on. */
    static ArraySlice array(long first, int chunks) {
        long[] numbers = LongStream.range(first, first + (long) chunks * ROWS).toArray();
        return new ArraySlice(DType.parse("<i8"), Shape.of(numbers.length), Order.C, MemorySegment.ofArray(numbers));
    }

    /** Chunks of two rows. */
    static ChunkSize chunks(ArraySlice array) {
        return new ChunkSize.Count((int) array.shape().dim(0) / ROWS);
    }

    /** Accepts an array and writes its chunks. */
    static JobHandle submit(
            Fleet fleet,
            String pool,
            FunctionDescription function,
            Map<String, ?> parameters,
            Strategy strategy,
            ArraySlice array) {
        Acceptance request = new Acceptance(
                Optional.empty(), function, parameters, pool, strategy, Fold.CONCAT, 0, chunks(array), Limits.NONE);
        JobHandle job = fleet.map().accept(new NpyHeader(array.dtype(), array.shape(), array.order()), request);
        fleet.map().dispatch(job, array);
        return job;
    }

    static JobHandle submit(
            Fleet fleet, FunctionDescription function, Map<String, ?> parameters, Strategy strategy, ArraySlice array) {
        return submit(fleet, Topics.DEFAULT_POOL, function, parameters, strategy, array);
    }

    /** All outcomes that were sent of a job. */
    static List<Outcome> outcomes(Fleet fleet, JobHandle job) {
        return Raw.read(fleet.kafka(), fleet.kafka().topics().outcomes()).stream()
                .map(Jobs::outcome)
                .filter(outcome -> outcome.job().equals(job.id()))
                .toList();
    }

    private static Outcome outcome(ConsumerRecord<byte[], byte[]> r) {
        return Records.outcome(new ConsumerRecord<>(
                r.topic(),
                r.partition(),
                r.offset(),
                r.timestamp(),
                r.timestampType(),
                r.serializedKeySize(),
                r.serializedValueSize(),
                r.key(),
                ByteBuffer.wrap(r.value()),
                r.headers(),
                r.leaderEpoch()));
    }

    /** What the workers of the default pool have committed, partition by partition. */
    static Map<TopicPartition, OffsetAndMetadata> committed(Fleet fleet) throws Exception {
        String group = fleet.kafka().topics().workerGroup(Topics.DEFAULT_POOL);
        try (Admin admin = Admin.create(fleet.kafka().admin("test"))) {
            return admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get();
        }
    }

    /** Waits until this is true of what the workers of the default pool have committed of its partitions, all together. */
    static void untilCommitted(Fleet fleet, Predicate<List<Bookmark>> enough) {
        await().atMost(Fleet.LONG)
                .until(() -> enough.test(committed(fleet).values().stream()
                        .map(commit -> Commits.bookmark(commit.offset(), commit.metadata()))
                        .toList()));
    }

    /** Waits until the workers of the default pool have committed that so many records are done and none is open. */
    static void untilDone(Fleet fleet, long records) {
        await().atMost(Fleet.LONG)
                .until(() -> committed(fleet).values().stream()
                                .mapToLong(OffsetAndMetadata::offset)
                                .sum()
                        == records);
    }
}
