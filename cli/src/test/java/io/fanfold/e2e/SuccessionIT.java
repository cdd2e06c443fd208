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
import io.fanfold.worker.WorkerSettings;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Roles come and go in the middle of jobs, and every job is whole all the same. */
final class SuccessionIT {
    private static final ArraySlice ARRAY = new RandomArrays(4).of(DType.parse("<f8"), Shape.of(60, 7), Order.C);

    private static final ArraySlice NUMBERS = Jobs.array(0, 60);
    private static final byte[] ANSWER = Npy.encode(ArraySlice.of(
            LongStream.range(0, 60L * Jobs.ROWS).map(x -> 3 * x + 1).toArray(), 60L * Jobs.ROWS));

    /** It does not end before {@link #letEnd}: the last chunk of a lane waits for that. */
    private static JobHandle slowJob(Fleet fleet) {
        Map<String, ?> parameters = Map.of("ms", 150, "gate", gate(fleet), "waits", Long.toString(59L * Jobs.ROWS));
        return Jobs.submit(fleet, fleet.function("gated"), parameters, Strategy.THREADS, NUMBERS);
    }

    private static String gate(Fleet fleet) {
        return fleet.kafka().topics().prefix();
    }

    private static void letEnd(Fleet fleet) {
        Gated.open(gate(fleet));
    }

    /** Where the chunk that waits is on one of its lanes, a drain would last as long as it may. */
    private static WorkerSettings hasty(Fleet fleet) {
        WorkerSettings s = fleet.settings("worker-2");
        WorkerSettings.Patience patience = new WorkerSettings.Patience(
                s.patience().chunkTimeout(), s.patience().unknownFunctionGrace(), Duration.ofSeconds(1));
        return new WorkerSettings(
                s.kafka(), s.name(), s.pool(), s.pools(), patience, s.retries(), s.keepCompletions(), s.purgeEvery());
    }

    private static void untilSomeAreDone(JobHandle job) {
        await().atMost(Fleet.LONG).until(() -> job.progress().done() >= 5);
        assertThat(job.ended()).isNotDone();
    }

    private static void whole(JobHandle job) throws Exception {
        assertThat(Files.readAllBytes(Fleet.result(job))).isEqualTo(Npy.encode(ARRAY));
    }

    private static void computed(JobHandle job) throws Exception {
        assertThat(Files.readAllBytes(Fleet.result(job))).isEqualTo(ANSWER);
    }

    /** Four jobs, none of which has ended when the first has begun. */
    private static List<JobHandle> slowJobs(Fleet fleet) {
        List<JobHandle> jobs =
                IntStream.range(0, 4).mapToObj(_ -> slowJob(fleet)).toList();
        await().atMost(Fleet.LONG).until(() -> jobs.getFirst().progress().done() >= 5);
        assertThat(jobs).noneMatch(JobHandle::over);
        return jobs;
    }

    @OnEveryBroker
    void anAggregatorWithAnEmptyStoreFinishesWhatItsPredecessorBegan(BrokerKind kind) throws Exception {
        try (Fleet fleet = Fleet.on(kind)) {
            fleet.gated("worker-1");
            Aggregator first = fleet.aggregator("aggregator-1", fleet.store("first"));
            JobHandle job = slowJob(fleet);
            untilSomeAreDone(job);

            first.close();
            assertThat(fleet.store("first").resolve("spool")).isDirectoryNotContaining("glob:**.part");
            fleet.aggregator("aggregator-1", fleet.store("second"));
            letEnd(fleet);

            computed(job);
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
            fleet.gated("worker-1");
            Aggregator first = fleet.aggregator("aggregator-1", fleet.store("shared"));
            fleet.aggregator("aggregator-2", fleet.store("shared"));
            List<JobHandle> jobs = slowJobs(fleet);

            first.close();
            letEnd(fleet);

            for (JobHandle job : jobs) {
                computed(job);
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
            fleet.gated("worker-1");
            fleet.aggregator("aggregator-1", fleet.store("shared"));
            List<JobHandle> jobs = slowJobs(fleet);

            Aggregator second = fleet.aggregator("aggregator-2", fleet.store("shared"));
            await().atMost(Fleet.LONG).until(second::ready);
            letEnd(fleet);

            for (JobHandle job : jobs) {
                computed(job);
            }
        }
    }

    @OnEveryBroker
    void aWorkerThatIsClosedInTheMiddleLosesNothing(BrokerKind kind) throws Exception {
        try (Fleet fleet = Fleet.on(kind)) {
            fleet.gated("worker-1");
            fleet.aggregator("aggregator-1", fleet.store("results"));
            Worker second = fleet.worker(hasty(fleet), Called.registry(new Gated()));
            await().atMost(Fleet.LONG).until(() -> second.lanes() > 0);
            JobHandle job = slowJob(fleet);
            untilSomeAreDone(job);

            second.close();
            assertThat(job.over()).isFalse();
            letEnd(fleet);

            assertThat(second.failure()).isEmpty();
            computed(job);
        }
    }

    @OnEveryBroker
    void aWorkerThatJoinsInTheMiddleTakesItsShareAndNothingIsLost(BrokerKind kind) throws Exception {
        try (Fleet fleet = Fleet.on(kind)) {
            fleet.gated("worker-1");
            fleet.aggregator("aggregator-1", fleet.store("results"));
            JobHandle job = slowJob(fleet);
            untilSomeAreDone(job);

            Worker second = fleet.gated("worker-2");
            await().atMost(Fleet.LONG).until(() -> second.lanes() > 0);
            letEnd(fleet);

            computed(job);
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
