package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.aggregator.AggregatorSettings;
import io.fanfold.aggregator.catalog.Policy;
import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.split.ChunkSize;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.testkit.RandomArrays;
import io.fanfold.worker.WorkerSettings;
import io.fanfold.worker.function.FunctionRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers give the disk of the chunks back that they have done, and lose nothing by it. */
final class PurgedChunksIT {
    private static final String LOST = "records were deleted that nobody had worked";
    private static final Duration SOON = Duration.ofMillis(100);
    /** What jobs, states and the like may have. */
    private static final int TABLES_BYTES = 256 * 1024;

    private static final int KILLS = 4;
    private static final int CHUNKS = 600;

    @TempDir
    static Path data;

    private static QuickDisk broker;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() throws Exception {
        broker = new QuickDisk(data);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    /** All that was written is deleted: no more than the segment that is written to is left. */
    private static void untilPurged(KafkaSettings kafka) {
        await().atMost(Fleet.LONG).untilAsserted(() -> {
            assertThat(QuickDisk.begins(kafka)).isEqualTo(QuickDisk.offsets(kafka, OffsetSpec.latest()));
            assertThat(broker.segments(kafka)).containsOnly(1L);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"consumer", "classic"})
    void afterAJobItsChunksAreGoneFromTheDisk(String groupProtocol) throws Exception {
        KafkaSettings kafka = broker.fleet(groupProtocol);
        ArraySlice array = new RandomArrays(7).of(DType.parse("<f8"), Shape.of(64, 32 * 1024), Order.C);
        try (Fleet fleet = Fleet.on(kafka)) {
            fleet.aggregator("aggregator-1", fleet.store("results"));
            fleet.worker(purging(fleet, Optional.empty()), FunctionRegistry.builtIn())
                    .close();
            JobHandle job = fleet.submit(fleet.function("identity"), Map.of(), array, 0, new ChunkSize.Count(64));
            assertThat(broker.segments(kafka)).allMatch(count -> count >= 7);

            fleet.worker(purging(fleet, Optional.of(SOON)), FunctionRegistry.builtIn());

            assertThat(Files.readAllBytes(Fleet.result(job))).isEqualTo(Npy.encode(array));
            untilPurged(kafka);
        }
    }

    /** Chunks and outcomes of 20 jobs pass through; what is left is no more than a segment for each partition of the fleet. */
    @ParameterizedTest
    @ValueSource(strings = {"consumer", "classic"})
    void afterTwentyJobsTheBrokersDiskIsBackToOneSegmentForEachPartition(String groupProtocol) throws Exception {
        KafkaSettings kafka = broker.fleet(groupProtocol);
        ArraySlice array = new RandomArrays(8).of(DType.parse("<f8"), Shape.of(16, 32 * 1024), Order.C);
        int jobs = 20;
        long partitions = QuickDisk.PARTITIONS + 1;
        try (Fleet fleet = Fleet.on(kafka)) {
            Policy d = Policy.DEFAULT;
            Policy quick = new Policy(
                    Duration.ZERO,
                    d.abandonAfter(),
                    d.keepResults(),
                    d.forgetAfter(),
                    Optional.of(SOON),
                    d.checkEvery(),
                    d.checkpointBytes());
            fleet.aggregator(new AggregatorSettings(kafka, "aggregator-1", fleet.store("results"), Optional.empty())
                    .with(quick));
            fleet.worker(purging(fleet, Optional.of(SOON)), FunctionRegistry.builtIn());
            for (int i = 0; i < jobs; i++) {
                JobHandle job = fleet.submit(fleet.function("identity"), Map.of(), array, 0, new ChunkSize.Count(16));
                assertThat(Files.readAllBytes(Fleet.result(job))).isEqualTo(Npy.encode(array));
            }

            assertThat(2L * jobs * array.data().byteSize()).isGreaterThan(20 * partitions * QuickDisk.SEGMENT_BYTES);
            await().atMost(Fleet.LONG)
                    .untilAsserted(() -> assertThat(broker.bytes(kafka))
                            .isLessThanOrEqualTo(partitions * QuickDisk.SEGMENT_BYTES + TABLES_BYTES));
        }
    }

    private static WorkerSettings purging(Fleet fleet, Optional<Duration> every) {
        WorkerSettings s = fleet.settings("worker");
        return new WorkerSettings(
                s.kafka(), s.name(), s.pool(), s.pools(), s.patience(), s.retries(), s.keepCompletions(), every);
    }

    @ParameterizedTest
    @ValueSource(strings = {"consumer", "classic"})
    void workersThatAreKilledWhileTheyPurgeLoseNothing(String groupProtocol) throws Exception {
        Path plugins = Plugins.crashes(directory);
        Tally tally = new Tally(directory.resolve("tally"));
        FunctionDescription function = Plugins.description(plugins, "tally@1");
        Map<String, ?> parameters = Map.of("log", tally.file().toString(), "ms", 30);
        Map<JobHandle, ArraySlice> jobs = new LinkedHashMap<>();
        List<RealWorker> workers = new ArrayList<>();
        KafkaSettings kafka = broker.mortalFleet(groupProtocol);
        try (Fleet fleet = Fleet.on(kafka)) {
            fleet.aggregator("aggregator-1", fleet.store("results"));
            join(workers, kafka, plugins);
            for (int kill = 0; kill < KILLS; kill++) {
                join(workers, kafka, plugins);
                do { // kills in the middle of a job, however slow this machine is
                    long before = purged(kafka);
                    ArraySlice array = Jobs.array((long) jobs.size() * CHUNKS * Jobs.ROWS, CHUNKS);
                    jobs.put(Jobs.submit(fleet, function, parameters, Strategy.THREADS, array), array);
                    await().atMost(Fleet.LONG).until(() -> purged(kafka) > before);
                } while (jobs.keySet().stream().allMatch(JobHandle::over));
                workers.get(workers.size() - 2).close();
            }

            for (Map.Entry<JobHandle, ArraySlice> job : jobs.entrySet()) {
                assertThat(Files.readAllBytes(Fleet.result(job.getKey()))).isEqualTo(Npy.encode(job.getValue()));
            }
            untilPurged(kafka);
            assertThat(workers)
                    .allSatisfy(worker -> assertThat(worker.said())
                            .extracting(RealWorker.Said::line)
                            .noneMatch(line -> line.contains(LOST)));
        } finally {
            workers.forEach(RealWorker::close);
        }
    }

    private static long purged(KafkaSettings kafka) throws Exception {
        return QuickDisk.begins(kafka).stream().mapToLong(Long::longValue).sum();
    }

    /** Starts one more and waits until it has its share, so that each has been taken from by the next. */
    private static void join(List<RealWorker> workers, KafkaSettings kafka, Path plugins) {
        RealWorker worker =
                RealWorker.start(kafka, "worker-" + workers.size(), plugins, "--threads", "2", "--purge-every", "0.1");
        workers.add(worker);
        worker.joined();
    }
}
