package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.split.ChunkSize;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.topics.TopicLayout;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.protocol.wire.Topics;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.RandomArrays;
import io.fanfold.testkit.TestBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker with a heap of 256 MB lives, whatever waits for it. */
final class SmallHeapIT {
    /** In 100 chunks of a megabyte. */
    private static final ArraySlice MUCH = new RandomArrays(10).of(DType.parse("<f8"), Shape.of(100, 125_000), Order.C);

    private static final ArraySlice MANY = new RandomArrays(11).of(DType.parse("|u1"), Shape.of(10_000), Order.C);

    private static final int LANES = 16;

    private static KafkaSettings sixteenLanes() {
        return TestBroker.of(BrokerKind.IN_JVM).freshFleet(new TopicLayout(Set.of(Topics.DEFAULT_POOL), LANES, 2, 1));
    }

    private static JobHandle submit(Fleet fleet, String function, Map<String, ?> parameters, Strategy strategy) {
        JobHandle job = fleet.accept(
                Fleet.request(fleet.function(function), parameters, 0, new ChunkSize.Count(100), strategy), MUCH);
        fleet.writeByHand(job, MUCH, i -> i % LANES);
        return job;
    }

    @Test
    void chunksThatComeFasterThanTheyAreComputedDoNotFillTheHeap() throws Exception {
        KafkaSettings kafka = sixteenLanes();
        try (Fleet fleet = Fleet.on(kafka)) {
            fleet.worker("says-what-there-is").close();
            fleet.aggregator("aggregator-1", fleet.store("results"));
            List<JobHandle> jobs = new ArrayList<>();
            for (Strategy strategy : List.of(Strategy.THREADS, Strategy.ASYNC)) {
                jobs.add(submit(fleet, "sleep", Map.of("ms", 20), strategy));
            }
            try (WorkerJvm worker = WorkerJvm.start(kafka)) {
                for (int i = 0; i < 4; i++) {
                    Strategy strategy = i % 2 == 0 ? Strategy.THREADS : Strategy.ASYNC;
                    jobs.add(submit(fleet, "identity", Map.of(), strategy));
                }
                for (JobHandle job : jobs) {
                    await().atMost(Fleet.LONG).until(() -> job.over() || !worker.alive());
                    assertThat(worker.alive()).as(worker.said()).isTrue();
                    assertThat(Files.readAllBytes(Fleet.result(job))).isEqualTo(Npy.encode(MUCH));
                }
            }
        }
    }

    @Test
    void tenThousandChunksWaitAtOnce(@TempDir Path directory) throws Exception {
        Path plugins = Plugins.waiting(Files.createDirectory(directory.resolve("plugins")));
        Path gate = directory.resolve("gate");
        KafkaSettings kafka = sixteenLanes();
        try (Fleet fleet = Fleet.on(kafka);
                WorkerJvm worker = WorkerJvm.start(kafka, "--plugins", plugins.toString())) {
            fleet.aggregator("aggregator-1", fleet.store("results"));
            double threads = worker.metric("jvm_threads_live_threads");

            JobHandle job = fleet.submit(
                    Fleet.request(
                            Plugins.description(plugins, "waiting@1"),
                            Map.of("gate", gate.toString()),
                            0,
                            new ChunkSize.Count(10_000),
                            Strategy.ASYNC),
                    MANY);

            await().atMost(Fleet.LONG).until(() -> worker.metric("fanfold_lane_running") == 10_000);
            assertThat(worker.metric("jvm_threads_live_threads")).isLessThan(threads + 50);
            Files.createFile(gate);
            assertThat(Files.readAllBytes(Fleet.result(job))).isEqualTo(Npy.encode(MANY));
        }
    }
}
