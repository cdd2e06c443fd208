package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.producer.client.JobHandle;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.testkit.BrokerKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers come, go and are killed every few seconds, and every job is whole; what is computed twice has a reason. */
final class ChaosIT {
    private static final long SEED = 20260722;
    private static final Duration LASTS = Duration.ofSeconds(60);
    /** The exit code of a JVM that was stopped before it could mind. */
    private static final int SIGTERM = 128 + 15;

    private static final int MOST_WORKERS = 4;
    private static final int OPEN_JOBS = 3;

    private final Random random = new Random(SEED);
    private final List<RealWorker> working = new ArrayList<>();
    private final List<RealWorker> left = new ArrayList<>();
    private final Map<JobHandle, ArraySlice> jobs = new LinkedHashMap<>();
    private final Disturbances disturbances = new Disturbances();
    private int started;
    private long next;

    @TempDir
    private Path directory;

    @Test
    void everyJobIsWholeAndWhatACommitHasToldOfIsNotComputedAgain() throws Exception {
        Path plugins = Plugins.crashes(directory);
        Tally tally = new Tally(directory.resolve("tally"));
        FunctionDescription function = Plugins.description(plugins, "tally@1");
        try (Fleet fleet = Fleet.mortal(BrokerKind.IN_JVM)) {
            fleet.aggregator("aggregator-1", fleet.store("results"));
            join(fleet, plugins);
            long end = System.nanoTime() + LASTS.toNanos();
            while (System.nanoTime() < end) {
                feed(fleet, function, tally);
                act(fleet, plugins);
                pause();
            }
            allAreWhole();
            assertThat(Raw.read(fleet.kafka(), fleet.kafka().topics().deadLetters()))
                    .isEmpty();
            for (RealWorker worker : left) {
                int code = worker.exitCode();
                assertThat(code).as(worker.toString()).isIn(worker.spoke() ? List.of(0) : List.of(0, SIGTERM));
            }
            assertThat(working).allMatch(RealWorker::alive);
            whatWasComputedTwiceHasAReason(tally, Commits.read(fleet));
        } finally {
            working.forEach(RealWorker::close);
            left.forEach(RealWorker::close);
        }
    }

    private void feed(Fleet fleet, FunctionDescription function, Tally tally) {
        while (jobs.keySet().stream().filter(job -> !job.over()).count() < OPEN_JOBS) {
            int chunks = 100 + random.nextInt(300);
            ArraySlice array = Jobs.array(next, chunks);
            next += (long) chunks * Jobs.ROWS;
            Map<String, ?> parameters = Map.of("log", tally.file().toString(), "ms", 20 + random.nextInt(80));
            Strategy strategy = random.nextInt(3) == 0 ? Strategy.AUTO : Strategy.THREADS;
            jobs.put(Jobs.submit(fleet, function, parameters, strategy, array), array);
        }
    }

    private void act(Fleet fleet, Path plugins) {
        int choice = random.nextInt(4);
        if (working.size() == 1 || (choice >= 2 && working.size() < MOST_WORKERS)) {
            join(fleet, plugins);
        } else if (choice == 0) {
            leave();
        } else {
            kill();
        }
    }

    private void join(Fleet fleet, Path plugins) {
        String name = "worker-" + ++started;
        RealWorker worker = RealWorker.start(
                fleet.kafka(),
                name,
                plugins,
                "--threads",
                "2",
                "--processes",
                "2",
                "--drain",
                "10",
                "--purge-every",
                "0");
        working.add(worker);
        disturbances.watch(worker);
    }

    private void leave() {
        RealWorker worker = any();
        left.add(worker);
        worker.stop();
    }

    private void kill() {
        RealWorker worker = any();
        disturbances.killed(worker);
        worker.close();
    }

    private RealWorker any() {
        return working.remove(random.nextInt(working.size()));
    }

    private void pause() {
        long until = System.nanoTime()
                + Duration.ofMillis(500 + random.nextInt(3000)).toNanos();
        await().pollInterval(Duration.ofMillis(50)).until(() -> System.nanoTime() > until);
    }

    private void allAreWhole() throws Exception {
        for (Map.Entry<JobHandle, ArraySlice> job : jobs.entrySet()) {
            assertThat(Files.readAllBytes(Fleet.result(job.getKey())))
                    .as("seed " + SEED + ", job " + job.getKey().id())
                    .isEqualTo(Npy.encode(job.getValue()));
        }
    }

    /**
     * What a commit has told of is never computed again; so what is, was in flight, or had just ended, when its worker was
     * killed or lost the lane. A commit is made every 200 ms: there are at most as many such runs as were at work in the last
     * second before those moments.
     */
    private void whatWasComputedTwiceHasAReason(Tally tally, Commits commits) {
        int again = 0;
        for (List<Tally.Run> runs : tally.byChunk().values()) {
            Commits.Place place = commits.place(runs.getFirst().chunk());
            for (Tally.Run run : runs.subList(1, runs.size())) {
                again++;
                assertThat(commits.of(place).filter(commit -> commit.millis() < run.start()))
                        .as(
                                "seed %d: %s began again, %s; commits that had told by then that it is done",
                                SEED, run, place)
                        .isEmpty();
            }
        }
        long bound = tally.runs().stream().filter(disturbances::mayHaveCut).count();
        System.out.printf(
                "seed %d: %d workers, %d stopped, %d killed; %d jobs of %d chunks; computed again: %d, at most %d%n",
                SEED, started, left.size(), disturbances.kills(), jobs.size(), next / Jobs.ROWS, again, bound);
        assertThat(disturbances.kills()).as("seed " + SEED).isGreaterThanOrEqualTo(3);
        assertThat(left).as("seed " + SEED).isNotEmpty();
        assertThat(tally.ended()).hasSize((int) (next / Jobs.ROWS));
        assertThat(again).isLessThanOrEqualTo((int) bound);
    }
}
