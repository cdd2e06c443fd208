package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.split.ChunkSize;
import io.fanfold.producer.split.Split;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.Failure;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.Outcome;
import io.fanfold.protocol.wire.Records;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.OnEveryBroker;
import io.fanfold.testkit.RandomArrays;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/** An aggregator fed by hand: what it counts, what it drops, what it refuses. */
final class OutcomesIT {
    private static final ArraySlice ARRAY = new RandomArrays(2).of(DType.parse(">f4"), Shape.of(6, 5), Order.FORTRAN);
    private static final FunctionDescription IDENTITY =
            new FunctionDescription(new FunctionId("identity", "1"), "", "same", Map.of("any", "same"), List.of());

    /** A fleet with an aggregator only, and a job of 3 chunks. */
    private record Bench(Fleet fleet, JobHandle job) {
        static Bench on(Fleet fleet) {
            fleet.aggregator("aggregator-1", fleet.store("results"));
            return new Bench(fleet, fleet.accept(IDENTITY, Map.of(), ARRAY, 1, new ChunkSize.Count(3)));
        }

        int partition() {
            return job.spec().header().outcomesPartition();
        }

        ProducerRecord<byte[], byte[]> outcome(int partition, Outcome outcome) {
            return Records.outcome(fleet.kafka().topics(), partition, outcome);
        }

        Outcome.Computed right(long index) {
            byte[] chunk = new Split(ARRAY, job.spec().plan()).chunk(index);
            return new Outcome.Computed(job.id(), index, 1, ByteBuffer.wrap(chunk));
        }

        ProducerRecord<byte[], byte[]> computed(long index) {
            return outcome(partition(), right(index));
        }

        ProducerRecord<byte[], byte[]> failed(long index) {
            Failure failure = new Failure("java.lang.Exception", "no luck", "identity@1", 0, "worker-9");
            return outcome(partition(), new Outcome.Failed(job.id(), index, 2, failure));
        }

        void write(List<ProducerRecord<byte[], byte[]>> records) {
            Raw.write(fleet.kafka(), records);
        }

        double verdicts(String verdict) {
            return fleet.counted("fanfold.outcomes", "verdict", verdict);
        }
    }

    private static ByteBuffer npy(String dtype, long... dims) {
        return ByteBuffer.wrap(Npy.encode(new RandomArrays(3).of(DType.parse(dtype), Shape.of(dims), Order.C)));
    }

    @OnEveryBroker
    void duplicatesAndForeignOutcomesAreDroppedAndTheResultIsWhole(BrokerKind kind) throws Exception {
        try (Fleet fleet = Fleet.on(kind)) {
            Bench bench = Bench.on(fleet);
            int elsewhere = 1 - bench.partition();
            ProducerRecord<byte[], byte[]> malformed = new ProducerRecord<>(
                    fleet.kafka().topics().outcomes(),
                    bench.partition(),
                    null,
                    "hello".getBytes(StandardCharsets.UTF_8));
            Outcome stranger = new Outcome.Computed(new JobId("stranger"), 0, 1, npy("<f8", 3));
            Outcome beyond = new Outcome.Computed(bench.job().id(), 3, 1, npy("<f8", 3));

            bench.write(List.of(
                    malformed,
                    bench.computed(2),
                    bench.computed(2),
                    bench.outcome(bench.partition(), stranger),
                    bench.outcome(bench.partition(), beyond),
                    bench.outcome(elsewhere, bench.right(0)),
                    bench.failed(2),
                    bench.failed(77),
                    bench.computed(0),
                    bench.computed(0),
                    bench.computed(1)));

            assertThat(Files.readAllBytes(Fleet.result(bench.job()))).isEqualTo(Npy.encode(ARRAY));
            // the one in the other partition may be read before the end of the job or after it
            await().atMost(Fleet.LONG).until(() -> bench.verdicts("unknown") + bench.verdicts("ended") == 4);
            assertThat(bench.verdicts("placed")).isEqualTo(3);
            assertThat(bench.verdicts("malformed")).isEqualTo(1);
            assertThat(bench.verdicts("duplicate")).isEqualTo(3);
        }
    }

    @OnEveryBroker
    void outcomesAfterTheEndDoNotBeginTheJobAgain(BrokerKind kind) throws Exception {
        try (Fleet fleet = Fleet.on(kind)) {
            Bench bench = Bench.on(fleet);
            bench.write(List.of(bench.computed(0), bench.computed(1), bench.computed(2)));
            assertThat(Fleet.end(bench.job()).end()).isEqualTo(JobState.End.COMPLETED);

            bench.write(List.of(bench.computed(0), bench.failed(1)));

            await().atMost(Fleet.LONG).until(() -> bench.verdicts("ended") == 2);
            assertThat(fleet.growing()).isZero();
            await().atMost(Fleet.LONG)
                    .untilAsserted(() -> assertThat(fleet.store("results").resolve("spool"))
                            .isDirectoryNotContaining("glob:**.part"));
        }
    }

    @OnEveryBroker
    void outcomesThatDisagreeFailTheJobAndBothChunksAreNamed(BrokerKind kind) throws Exception {
        try (Fleet fleet = Fleet.on(kind)) {
            Bench bench = Bench.on(fleet);
            bench.write(List.of(
                    bench.computed(1),
                    bench.outcome(
                            bench.partition(), new Outcome.Computed(bench.job().id(), 0, 1, npy("<i2", 6, 2)))));

            JobState.Terminal end = Fleet.end(bench.job());
            assertThat(end.end()).isEqualTo(JobState.End.FAILED);
            assertThat(end.error().orElseThrow()).contains("chunk 1 is float32 (6, 2)", "chunk 0 is int16 (6, 2)");
            assertThat(fleet.store("results").resolve(bench.job().id() + ".npy"))
                    .doesNotExist();
            await().atMost(Fleet.LONG)
                    .untilAsserted(() -> assertThat(fleet.store("results").resolve("spool"))
                            .isDirectoryNotContaining("glob:**.part"));
        }
    }

    @OnEveryBroker
    void anOutcomeThatIsNoArrayFailsTheJob(BrokerKind kind) throws Exception {
        try (Fleet fleet = Fleet.on(kind)) {
            Bench bench = Bench.on(fleet);
            bench.write(List.of(bench.outcome(
                    bench.partition(), new Outcome.Computed(bench.job().id(), 0, 1, ByteBuffer.allocate(3)))));

            assertThat(Fleet.end(bench.job()).error().orElseThrow()).contains("outcome of chunk 0");
        }
    }

    @OnEveryBroker
    void progressIsSaidWhileAJobGrows(BrokerKind kind) throws Exception {
        try (Fleet fleet = Fleet.on(kind)) {
            Bench bench = Bench.on(fleet);
            bench.write(List.of(bench.computed(0), bench.computed(2)));

            await().atMost(Fleet.LONG).until(() -> bench.job().progress().done() == 2);
            assertThat(bench.job().progress().rowsDone()).isEqualTo(3);
            assertThat(bench.job().ended()).isNotDone();
        }
    }
}
