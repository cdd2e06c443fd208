package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.producer.client.JobHandle;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.topics.TopicLayout;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.protocol.wire.Topics;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.OnEveryBroker;
import io.fanfold.testkit.TestBroker;
import io.fanfold.worker.Worker;
import io.fanfold.worker.WorkerSettings;
import io.fanfold.worker.function.FunctionRegistry;
import io.fanfold.worker.lane.RetryPolicy;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Functions change while jobs run: workers of the old and the new kind come and go, and no chunk fails of it. */
final class RollingIT {
    private static final String BLUE = "blue";
    /** Longer than any test: a chunk that is not held fails. */
    private static final Duration GRACE = Duration.ofMinutes(10);

    @TempDir
    private Path directory;

    private static Fleet fleet(BrokerKind kind, int partitions) {
        Fleet fleet = Fleet.on(
                TestBroker.of(kind).freshFleet(new TopicLayout(Set.of(Topics.DEFAULT_POOL, BLUE), partitions, 2, 1)));
        fleet.aggregator("aggregator-1", fleet.store("results"));
        return fleet;
    }

    private static Worker worker(Fleet fleet, String name, String pool, FunctionRegistry functions, Duration grace) {
        WorkerSettings settings = new WorkerSettings(
                fleet.kafka(),
                name,
                pool,
                new WorkerSettings.Pools(2, 2, 0, List.of()),
                new WorkerSettings.Patience(Duration.ZERO, grace, Duration.ofSeconds(10)),
                RetryPolicy.DEFAULT,
                true,
                Optional.empty());
        Worker worker = Worker.start(settings, functions, new SimpleMeterRegistry());
        await().atMost(Fleet.LONG).until(() -> worker.lanes() > 0);
        return worker;
    }

    private static Worker worker(Fleet fleet, String name, FunctionRegistry functions) {
        return worker(fleet, name, Topics.DEFAULT_POOL, functions, GRACE);
    }

    private FunctionRegistry which(int... versions) {
        return FunctionRegistry.load(Plugins.which(directory.resolve("which" + Arrays.toString(versions)), versions));
    }

    private static JobHandle submit(Fleet fleet, FunctionRegistry functions, int version, int chunks) {
        FunctionDescription function = functions.descriptions().stream()
                .filter(f -> f.id().toString().equals("which@" + version))
                .findFirst()
                .orElseThrow();
        return Jobs.submit(fleet, function, Map.of(), Strategy.AUTO, Jobs.array(0, chunks));
    }

    private static void answeredBy(int version, JobHandle job) throws Exception {
        ArraySlice array = Jobs.array(0, Math.toIntExact(job.count().orElseThrow()));
        long[] answer = new long[(int) array.shape().dim(0)];
        Arrays.fill(answer, version);
        assertThat(Files.readAllBytes(Fleet.result(job)))
                .isEqualTo(Npy.encode(
                        new ArraySlice(array.dtype(), array.shape(), array.order(), MemorySegment.ofArray(answer))));
    }

    private static void noneFailed(Fleet fleet) {
        assertThat(Raw.read(fleet.kafka(), fleet.kafka().topics().deadLetters()))
                .isEmpty();
    }

    private static void untilSomeAreDone(JobHandle job) {
        await().atMost(Fleet.LONG).until(() -> job.progress().done() > 0);
    }

    @OnEveryBroker
    void chunksAreHeldUntilAWorkerHasTheirFunctionAndOthersRun(BrokerKind kind) throws Exception {
        try (Fleet fleet = fleet(kind, 6)) {
            Worker old = worker(fleet, "old", FunctionRegistry.builtIn());
            JobHandle held = submit(fleet, which(1), 1, 30);
            await().atMost(Fleet.LONG).until(() -> old.withoutFunction() == 30);
            assertThat(old.live()).isTrue();
            assertThat(old.ready()).isFalse();
            JobHandle other = fleet.submit(
                    fleet.function("identity"), Map.of(), Jobs.array(0, 9), 0, Jobs.chunks(Jobs.array(0, 9)));
            assertThat(Fleet.end(other).end()).isEqualTo(JobState.End.COMPLETED);
            assertThat(held.progress().done()).isZero();

            try (Worker fresh = worker(fleet, "new", FunctionRegistry.load(directory.resolve("which[1]")))) {
                old.close();

                answeredBy(1, held);
                assertThat(fresh.ready()).isTrue();
                noneFailed(fleet);
            }
        }
    }

    @Test
    void aWorkerIsReadyAgainOnceItHoldsNoChunkWithoutAFunction() throws Exception {
        FunctionRegistry with = which(1);
        try (Fleet fleet = fleet(BrokerKind.IN_JVM, 2);
                Worker old = worker(fleet, "old", FunctionRegistry.builtIn())) {
            JobHandle job = submit(fleet, with, 1, 10);
            await().atMost(Fleet.LONG).until(() -> old.withoutFunction() == 10);

            try (Worker _ = worker(fleet, "new", with)) {
                await().atMost(Fleet.LONG)
                        .until(() ->
                                old.withoutFunction() == 5 && job.progress().done() == 5);
                fleet.map().cancel(job.id(), "not wanted any more");
                await().atMost(Fleet.LONG).until(old::ready);
            }
            assertThat(old.withoutFunction()).isZero();
        }
    }

    @OnEveryBroker
    void twoVersionsRunSideBySideAndNoChunkIsComputedByTheOther(BrokerKind kind) throws Exception {
        FunctionRegistry one = which(1);
        FunctionRegistry both = which(1, 2);
        FunctionRegistry two = which(2);
        try (Fleet fleet = fleet(kind, 6)) {
            Worker onlyOne = worker(fleet, "only-1", one);
            JobHandle ones = submit(fleet, both, 1, 200);
            JobHandle twos = submit(fleet, both, 2, 200);
            untilSomeAreDone(ones);
            assertThat(twos.progress().done()).isZero();

            Worker middle = worker(fleet, "both", both);
            untilSomeAreDone(twos);
            onlyOne.close();
            JobHandle onesAgain = submit(fleet, both, 1, 200);
            untilSomeAreDone(onesAgain);
            Worker onlyTwo = worker(fleet, "only-2", two);
            JobHandle twosAgain = submit(fleet, both, 2, 200);
            untilSomeAreDone(twosAgain);
            onlyTwo.close();
            answeredBy(1, ones);
            answeredBy(1, onesAgain);

            try (Worker _ = worker(fleet, "last", two)) {
                middle.close();
                JobHandle last = submit(fleet, both, 2, 20);
                answeredBy(2, twos);
                answeredBy(2, twosAgain);
                answeredBy(2, last);
            }
            noneFailed(fleet);
        }
    }

    @Test
    void aPoolComputesWhatItsWorkersHaveAndAfterTheGraceFailsWhatNoneOfThemHas() throws Exception {
        FunctionRegistry with = which(1);
        try (Fleet fleet = fleet(BrokerKind.IN_JVM, 2);
                Worker _ = worker(fleet, "blue", BLUE, with, GRACE);
                Worker poor =
                        worker(fleet, "poor", Topics.DEFAULT_POOL, FunctionRegistry.builtIn(), Duration.ofSeconds(1))) {
            FunctionDescription function = fleet.map().functions().find(BLUE, "which");
            ArraySlice array = Jobs.array(0, 10);
            JobHandle blue = Jobs.submit(fleet, BLUE, function, Map.of(), Strategy.AUTO, array);
            JobHandle stray = Jobs.submit(fleet, function, Map.of(), Strategy.AUTO, array);

            answeredBy(1, blue);
            JobState.Terminal end = Fleet.end(stray);
            assertThat(end.end()).isEqualTo(JobState.End.FAILED);
            assertThat(end.error().orElseThrow())
                    .contains("no worker of pool default has which@1", "fanfold functions")
                    .doesNotContain("\n");
            await().atMost(Fleet.LONG).until(poor::ready);
        }
    }
}
