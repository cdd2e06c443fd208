package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.producer.client.JobHandle;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.ChunkHeader;
import io.fanfold.protocol.wire.DeadLetter;
import io.fanfold.protocol.wire.Failure;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.Outcome;
import io.fanfold.protocol.wire.Records;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.worker.lane.Bookmark;
import io.fanfold.worker.lane.Tries;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chunks that kill their process, and chunks whose process is killed: real workers, none of which is replaced by itself. */
final class CrashIT {
    private static final List<String> MODES = List.of("exit", "heap", "kill", "halt");
    private static final int CHUNKS = 60;
    private static final int DEADLY = 20;
    private static final ArraySlice ARRAY = Jobs.array(0, CHUNKS);

    @TempDir
    private Path directory;

    private Path plugins;
    private Tally tally;

    @BeforeEach
    void setUp() {
        plugins = Plugins.crashes(directory);
        tally = new Tally(directory.resolve("tally"));
    }

    private RealWorker worker(Fleet fleet, String name, String... options) {
        List<String> all = new ArrayList<>(List.of("--threads", "2", "--processes", "2", "--drain", "1"));
        all.addAll(List.of(options));
        return RealWorker.start(fleet.kafka(), name, plugins, all.toArray(String[]::new));
    }

    private JobHandle healthy(Fleet fleet, Strategy strategy) {
        return Jobs.submit(
                fleet,
                Plugins.description(plugins, "tally@1"),
                Map.of("log", tally.file().toString(), "ms", 50),
                strategy,
                ARRAY);
    }

    private JobHandle deadly(Fleet fleet, String mode, Strategy strategy) {
        return Jobs.submit(
                fleet,
                Plugins.description(plugins, "deadly@1"),
                Map.of("at", DEADLY * Jobs.ROWS, "mode", mode),
                strategy,
                ARRAY);
    }

    private static void computed(JobHandle job) throws Exception {
        assertThat(Files.readAllBytes(Fleet.result(job))).isEqualTo(Npy.encode(ARRAY));
    }

    /** The job has failed, and its end names the chunk, its rows and the cause. */
    private static void failed(JobHandle job, String times) {
        JobState.Terminal end = Fleet.end(job);
        assertThat(end.end()).isEqualTo(JobState.End.FAILED);
        assertThat(end.error().orElseThrow())
                .contains("chunk " + DEADLY + " ", "rows 40 to 42", "deadly@1", "Crashed")
                .contains("it killed the process that ran it " + times)
                .doesNotContain("\n");
    }

    /** The dead letters of a job are one: the chunk, whole, and what became of it. */
    private static void setAside(Fleet fleet, JobHandle job, int attempts) {
        ConsumerRecord<byte[], byte[]> dead = deadLetters(fleet).get(job.id().toString());
        DeadLetter letter = Records.deadLetter(Objects.requireNonNull(dead));
        assertThat(Records.chunkHeader(dead))
                .isEqualTo(new ChunkHeader(DEADLY, DEADLY * Jobs.ROWS, OptionalLong.of(CHUNKS)));
        assertThat(dead.value()).isEqualTo(Npy.encode(Jobs.array(DEADLY * Jobs.ROWS, 1)));
        Outcome.Failed outcome = letter.outcome().orElseThrow();
        assertThat(outcome.attempt()).isEqualTo(attempts);
        assertThat(outcome.failure()).extracting(Failure::error).isEqualTo("Crashed");
        assertThat(Jobs.outcomes(fleet, job)).contains(outcome);
    }

    /** By job; no job has two. */
    private static Map<String, ConsumerRecord<byte[], byte[]>> deadLetters(Fleet fleet) {
        Map<String, ConsumerRecord<byte[], byte[]>> letters = new HashMap<>();
        for (var dead : Raw.read(fleet.kafka(), fleet.kafka().topics().deadLetters())) {
            Outcome.Failed outcome = Records.deadLetter(dead).outcome().orElseThrow();
            assertThat(letters.put(outcome.job().toString(), dead))
                    .as(outcome.toString())
                    .isNull();
        }
        return letters;
    }

    @Test
    void aChunkThatKillsItsWorkerKillsOneAndFailsAndTheOtherJobsOnItsLanesAreWhole() throws Exception {
        try (ExecutorService fleets = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            MODES.forEach(mode -> all.add(fleets.submit(() -> killsOneWorker(mode))));
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    private Void killsOneWorker(String mode) throws Exception {
        try (Fleet fleet = Fleet.mortal(BrokerKind.IN_JVM);
                RealWorker one = worker(fleet, "worker-1");
                RealWorker two = worker(fleet, "worker-2")) {
            fleet.aggregator("aggregator-1", fleet.store("results"));
            one.joined();
            two.joined();
            JobHandle healthy = healthy(fleet, Strategy.AUTO);
            JobHandle deadly = deadly(fleet, mode, Strategy.AUTO);

            failed(deadly, "3 times");
            computed(healthy);
            setAside(fleet, deadly, 3);
            assertThat(deadLetters(fleet)).hasSize(1);
            assertThat(List.of(one, two)).as(mode).filteredOn(RealWorker::alive).hasSize(1);
            return null;
        }
    }

    @Test
    void aChunkThatKillsItsChildKillsNoWorker() throws Exception {
        try (Fleet fleet = Fleet.on(BrokerKind.IN_JVM);
                RealWorker one = worker(fleet, "worker-1");
                RealWorker two = worker(fleet, "worker-2")) {
            fleet.aggregator("aggregator-1", fleet.store("results"));
            JobHandle healthy = healthy(fleet, Strategy.PROCESSES);
            List<JobHandle> deadly = MODES.stream()
                    .map(mode -> deadly(fleet, mode, Strategy.PROCESSES))
                    .toList();

            deadly.forEach(job -> failed(job, "3 times"));
            computed(healthy);
            deadly.forEach(job -> setAside(fleet, job, 3));
            assertThat(deadLetters(fleet)).hasSize(4);
            assertThat(List.of(one, two)).allMatch(RealWorker::alive);
        }
    }

    @Test
    void whereOneCrashIsEnoughTheFirstFailsTheChunk() throws Exception {
        try (Fleet fleet = Fleet.on(BrokerKind.IN_JVM);
                RealWorker one = worker(fleet, "worker-1", "--max-crashes", "1")) {
            fleet.aggregator("aggregator-1", fleet.store("results"));
            JobHandle healthy = healthy(fleet, Strategy.PROCESSES);
            JobHandle deadly = deadly(fleet, "kill", Strategy.PROCESSES);

            failed(deadly, "once");
            computed(healthy);
            setAside(fleet, deadly, 1);
            assertThat(one.alive()).isTrue();
        }
    }

    /** The worker has 256 MB of heap, its child what a limit leaves to it. */
    @Test
    void aChunkThatWantsMoreHeapThanItsChildHasFailsByNameAndItsWorkerGoesOn() throws Exception {
        try (Fleet fleet = Fleet.on(BrokerKind.IN_JVM);
                RealWorker one = worker(fleet, "worker-1", "--max-child-bytes", Integer.toString(160 << 20))) {
            fleet.aggregator("aggregator-1", fleet.store("results"));
            JobHandle healthy = healthy(fleet, Strategy.PROCESSES);
            JobHandle wants = deadly(fleet, "much", Strategy.PROCESSES);

            failed(wants, "3 times");
            assertThat(Fleet.end(wants).error().orElseThrow())
                    .endsWith("java.lang.OutOfMemoryError: Java heap space; give it more memory (--max-child-bytes)"
                            + " or smaller chunks (--chunks)");
            computed(healthy);
            setAside(fleet, wants, 3);
            computed(deadly(fleet, "much", Strategy.THREADS));
            assertThat(one.alive()).isTrue();
        }
    }

    @Test
    void aHealthyChunkWhoseWorkersAreKilledFiveTimesIsComputedAllTheSame() throws Exception {
        Path gate = directory.resolve("gate");
        Map<String, ?> parameters = Map.of("log", tally.file().toString(), "gated", 0, "gate", gate.toString());
        try (Fleet fleet = Fleet.mortal(BrokerKind.IN_JVM)) {
            fleet.aggregator("aggregator-1", fleet.store("results"));
            JobHandle job =
                    Jobs.submit(fleet, Plugins.description(plugins, "tally@1"), parameters, Strategy.AUTO, ARRAY);
            for (int kill = 0; kill < 5; kill++) {
                try (RealWorker worker = worker(fleet, "worker-" + kill)) {
                    await().atMost(Fleet.LONG)
                            .alias(worker.toString())
                            .until(() -> tally.runsIn(worker).stream().anyMatch(run -> run.chunk() == 0));
                }
            }
            try (RealWorker last = worker(fleet, "worker-last")) {
                await().atMost(Fleet.LONG)
                        .until(() -> tally.runsIn(last).stream().anyMatch(run -> run.chunk() == 0));
                Files.createFile(gate);
                computed(job);
                assertThat(last.alive()).isTrue();
            }
            assertThat(tally.runs(0)).hasSize(6);
            assertThat(tally.runs(0).subList(1, 6))
                    .as("in a child of its worker")
                    .noneMatch(run -> run.parent() == ProcessHandle.current().pid());
            assertThat(Jobs.outcomes(fleet, job))
                    .filteredOn(outcome -> outcome.index() == 0)
                    .singleElement()
                    .isInstanceOfSatisfying(
                            Outcome.Computed.class,
                            computed -> assertThat(computed.attempt()).isEqualTo(1));
            assertThat(deadLetters(fleet)).isEmpty();
        }
    }

    /** As where a service manager asks all processes of a worker to end. */
    @Test
    void aRequestToStopThatReachesTheChildrenTooCostsNoAttempt() throws Exception {
        Path gate = directory.resolve("gate");
        Map<String, ?> parameters = Map.of("log", tally.file().toString(), "gated", 0, "gate", gate.toString());
        try (Fleet fleet = Fleet.on(BrokerKind.IN_JVM)) {
            fleet.aggregator("aggregator-1", fleet.store("results"));
            JobHandle job =
                    Jobs.submit(fleet, Plugins.description(plugins, "tally@1"), parameters, Strategy.PROCESSES, ARRAY);
            try (RealWorker first = worker(fleet, "worker-1")) {
                await().atMost(Fleet.LONG).until(() -> tally.runs(0).size() == 1);
                boolean _ = ProcessHandle.of(tally.runs(0).getFirst().pid())
                        .orElseThrow()
                        .destroy();
                first.stop();
                assertThat(first.exitCode()).isZero();
            }
            Files.createFile(gate);
            try (RealWorker _ = worker(fleet, "worker-2")) {
                computed(job);
            }
            assertThat(Jobs.outcomes(fleet, job)).extracting(Outcome::attempt).containsOnly(1);
        }
    }

    @Test
    void triesAreCountedAcrossWorkers() throws Exception {
        Path gate = directory.resolve("gate");
        Path other = directory.resolve("other");
        try (Fleet fleet = Fleet.mortal(BrokerKind.IN_JVM)) {
            fleet.aggregator("aggregator-1", fleet.store("results"));
            JobHandle fails = flaky(fleet, tally.file(), gate, true);
            JobHandle recovers = flaky(fleet, other, gate, false);
            Tally others = new Tally(other);
            try (RealWorker first = worker(fleet, "worker-1", "--max-attempts", "3")) {
                await().atMost(Fleet.LONG)
                        .until(() -> tally.runsIn(first).size() == 3
                                && others.runsIn(first).size() == 3);
                Jobs.untilCommitted(fleet, lanes -> tried(lanes).equals(List.of(2, 2)));
            }
            try (RealWorker _ = worker(fleet, "worker-2", "--max-attempts", "3")) {
                JobState.Terminal end = Fleet.end(fails);
                assertThat(end.end()).isEqualTo(JobState.End.FAILED);
                assertThat(end.error().orElseThrow()).contains("run 4 went wrong");
                assertThat(tally.runs())
                        .as("the third was killed, and is not counted")
                        .hasSize(4);
                assertThat(Records.deadLetter(
                                        deadLetters(fleet).values().iterator().next())
                                .outcome()
                                .orElseThrow()
                                .attempt())
                        .isEqualTo(3);

                computed(recovers);
                assertThat(others.runs()).hasSize(4);
                assertThat(Jobs.outcomes(fleet, recovers))
                        .filteredOn(outcome -> outcome.index() == DEADLY)
                        .singleElement()
                        .extracting(Outcome::attempt)
                        .isEqualTo(3);
            }
        }
    }

    /** How often chunks have been tried in vain. */
    private static List<Integer> tried(List<Bookmark> lanes) {
        return lanes.stream()
                .flatMap(lane -> lane.tries().values().stream())
                .map(Tries::attempts)
                .toList();
    }

    private JobHandle flaky(Fleet fleet, Path log, Path gate, boolean fails) {
        Map<String, ?> parameters =
                Map.of("log", log.toString(), "at", DEADLY * Jobs.ROWS, "gate", gate.toString(), "fails", fails);
        return Jobs.submit(fleet, Plugins.description(plugins, "flaky@1"), parameters, Strategy.AUTO, ARRAY);
    }
}
