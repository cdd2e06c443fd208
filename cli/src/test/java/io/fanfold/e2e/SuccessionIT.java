package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.aggregator.Aggregator;
import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.split.ChunkSize;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.Records;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.OnEveryBroker;
import io.fanfold.testkit.RandomArrays;
import io.fanfold.worker.Worker;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Roles come and go in the middle of jobs, and every job is whole all the same. */
final class SuccessionIT {
    private static final ArraySlice ARRAY = new RandomArrays(4).of(DType.parse("<f8"), Shape.of(60, 7), Order.C);

    private static JobHandle slowJob(Fleet fleet) {
        return fleet.submit(
                Fleet.request(fleet.function("sleep"), Map.of("ms", 150), 0, new ChunkSize.Count(60), Strategy.THREADS),
                ARRAY);
    }

    private static void untilSomeAreDone(JobHandle job) {
        await().atMost(Fleet.LONG).until(() -> job.progress().done() >= 5);
        assertThat(job.ended()).isNotDone();
    }

    private static void whole(JobHandle job) throws Exception {
        assertThat(Files.readAllBytes(Fleet.result(job))).isEqualTo(Npy.encode(ARRAY));
    }

    /** Four jobs, the last of which is far from its end when the first has begun. */
    private static List<JobHandle> slowJobs(Fleet fleet) {
        List<JobHandle> jobs =
                IntStream.range(0, 4).mapToObj(_ -> slowJob(fleet)).toList();
        await().atMost(Fleet.LONG).until(() -> jobs.getFirst().progress().done() >= 5);
        assertThat(jobs.getLast().ended()).isNotDone();
        return jobs;
    }

    @OnEveryBroker
    void anAggregatorWithAnEmptyStoreFinishesWhatItsPredecessorBegan(BrokerKind kind) throws Exception {
        try (Fleet fleet = Fleet.on(kind)) {
            fleet.worker("worker-1");
            Aggregator first = fleet.aggregator("aggregator-1", fleet.store("first"));
            JobHandle job = slowJob(fleet);
            untilSomeAreDone(job);

            first.close();
            assertThat(fleet.store("first").resolve("spool")).isDirectoryNotContaining("glob:**.part");
            fleet.aggregator("aggregator-1", fleet.store("second"));

            whole(job);
            assertThat(Fleet.result(job)).startsWith(fleet.store("second"));
        }
    }

    @OnEveryBroker
    void outcomesThatCameWhileNoAggregatorRanAreNotLost(BrokerKind kind) throws Exception {
        try (Fleet fleet = Fleet.on(kind)) {
            fleet.worker("worker-1");
            JobHandle job = fleet.submit(fleet.function("identity"), Map.of(), ARRAY, 0, new ChunkSize.Count(9));
            await().atMost(Fleet.LONG)
                    .until(() -> Raw.read(fleet.kafka(), fleet.kafka().topics().outcomes())
                                    .size()
                            == 9);

            fleet.aggregator("aggregator-1", fleet.store("results"));

            whole(job);
        }
    }

    @OnEveryBroker
    void twoAggregatorsShareTheJobsAndOneTakesOverTheOthers(BrokerKind kind) throws Exception {
        try (Fleet fleet = Fleet.on(kind)) {
            fleet.worker("worker-1");
            Aggregator first = fleet.aggregator("aggregator-1", fleet.store("shared"));
            fleet.aggregator("aggregator-2", fleet.store("shared"));
            List<JobHandle> jobs = slowJobs(fleet);

            first.close();

            for (JobHandle job : jobs) {
                whole(job);
            }
            assertThat(Raw.read(fleet.kafka(), fleet.kafka().topics().states()))
                    .map(record -> Records.state(record).orElseThrow())
                    .filteredOn(state -> state instanceof JobState.Terminal)
                    .hasSize(jobs.size());
        }
    }

    @OnEveryBroker
    void anAggregatorThatJoinsInTheMiddleTakesItsShareAndNothingIsLost(BrokerKind kind) throws Exception {
        try (Fleet fleet = Fleet.on(kind)) {
            fleet.worker("worker-1");
            fleet.aggregator("aggregator-1", fleet.store("shared"));
            List<JobHandle> jobs = slowJobs(fleet);

            Aggregator second = fleet.aggregator("aggregator-2", fleet.store("shared"));
            await().atMost(Fleet.LONG).until(second::ready);

            for (JobHandle job : jobs) {
                whole(job);
            }
        }
    }

    @OnEveryBroker
    void aWorkerThatIsClosedInTheMiddleLosesNothing(BrokerKind kind) throws Exception {
        try (Fleet fleet = Fleet.whole(kind)) {
            Worker second = fleet.worker("worker-2");
            await().atMost(Fleet.LONG).until(() -> second.lanes() > 0);
            JobHandle job = slowJob(fleet);
            untilSomeAreDone(job);

            second.close();

            assertThat(second.failure()).isEmpty();
            whole(job);
        }
    }

    @OnEveryBroker
    void aWorkerThatJoinsInTheMiddleTakesItsShareAndNothingIsLost(BrokerKind kind) throws Exception {
        try (Fleet fleet = Fleet.whole(kind)) {
            JobHandle job = slowJob(fleet);
            untilSomeAreDone(job);

            Worker second = fleet.worker("worker-2");
            await().atMost(Fleet.LONG).until(() -> second.lanes() > 0);

            whole(job);
        }
    }

    @OnEveryBroker
    void chunksWaitForAWorker(BrokerKind kind) throws Exception {
        try (Fleet fleet = Fleet.on(kind)) {
            fleet.aggregator("aggregator-1", fleet.store("results"));
            fleet.worker("worker-1").close();
            JobHandle job = fleet.submit(fleet.function("identity"), Map.of(), ARRAY, 0, new ChunkSize.Count(9));

            fleet.worker("worker-2");

            whole(job);
        }
    }

    @OnEveryBroker
    void aDrainedWorkerLeavesNoChunkToBeComputedAgain(BrokerKind kind) throws Exception {
        try (Fleet fleet = Fleet.on(kind)) {
            Worker first = fleet.worker("worker-1");
            fleet.aggregator("aggregator-1", fleet.store("results"));
            whole(fleet.submit(fleet.function("identity"), Map.of(), ARRAY, 0, new ChunkSize.Count(30)));

            first.close();
            fleet.worker("worker-2");

            whole(fleet.submit(fleet.function("identity"), Map.of(), ARRAY, 0, new ChunkSize.Count(30)));
            assertThat(Raw.read(fleet.kafka(), fleet.kafka().topics().outcomes()))
                    .as("30 of the first job, and 30 of the second, on the same partitions behind them")
                    .hasSize(60);
        }
    }
}
