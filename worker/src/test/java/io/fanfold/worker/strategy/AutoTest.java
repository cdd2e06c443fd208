package io.fanfold.worker.strategy;

import static io.fanfold.worker.strategy.Chunks.async;
import static io.fanfold.worker.strategy.Chunks.call;
import static io.fanfold.worker.strategy.Chunks.function;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.protocol.wire.FunctionProfile;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.worker.function.AsyncFunction;
import io.fanfold.worker.function.ChildFunction;
import io.fanfold.worker.function.ChunkFunction;
import io.fanfold.worker.function.FanfoldFunction;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class AutoTest {
    private static final long MS = 1_000_000;
    private static final long BYTES = 1000;
    private static final Choice LEARN = new Choice(Strategy.THREADS, true);
    private static final Choice COMPUTE = new Choice(Strategy.THREADS, false);
    private static final Choice WAIT = new Choice(Strategy.ASYNC, false);
    private static final Choice SAMPLE = new Choice(Strategy.ASYNC, true);
    private static final ChunkFunction F = function(chunk -> chunk);
    private static final FunctionId ID = F.description().id();
    private static final Execution.Running RUNNING = () -> {};

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ScheduledExecutorService clock = WorkerClock.start();
    private final List<FunctionProfile> learned = new CopyOnWriteArrayList<>();
    private final AtomicInteger changes = new AtomicInteger();
    private final AtomicLong now = new AtomicLong();

    @AfterEach
    void stopClock() {
        clock.shutdownNow();
    }

    private Auto auto(Map<FunctionId, FunctionProfile> known) {
        return new Auto(
                known, clock, meters, (id, profile) -> learned.add(profile), changes::incrementAndGet, now::get);
    }

    private static void ran(Auto auto, FanfoldFunction function, Choice choice, long wallMs, long cpuMs) {
        auto.started(function, choice, RUNNING);
        auto.ended(
                function,
                Chunks.JOB,
                choice,
                new Ending.Answered(new byte[0], wallMs * MS, OptionalLong.of(cpuMs * MS)),
                1,
                BYTES);
    }

    private static void waited(Auto auto, JobId job, long wallMs, int inFlight) {
        auto.ended(F, job, WAIT, new Ending.Answered(new byte[0], wallMs * MS, OptionalLong.empty()), inFlight, BYTES);
    }

    @Test
    void aFunctionThatNobodyKnowsIsLearnedOnThreads() {
        assertThat(auto(Map.of()).choose(F)).isEqualTo(LEARN);
    }

    @Test
    void aFunctionThatWaitedBecomesAsyncAndEveryoneIsTold() {
        Auto auto = auto(Map.of());
        ran(auto, F, LEARN, 100, 1);
        assertThat(auto.choose(F)).isEqualTo(WAIT);
        await().until(() -> changes.get() == 1 && learned.size() == 1);
        assertThat(learned.getFirst()).isEqualTo(new FunctionProfile(0.01, 100, 1));
        assertThat(meters.get("fanfold.auto.choices")
                        .tags("function", "f@1", "strategy", "async")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(meters.get("fanfold.auto.cpu.share")
                        .tag("function", "f@1")
                        .gauge()
                        .value())
                .isEqualTo(0.01);
    }

    @Test
    void aFunctionThatComputedStaysOnThreadsAndIsNoLongerASample() {
        Auto auto = auto(Map.of());
        ran(auto, F, LEARN, 100, 99);
        assertThat(auto.choose(F)).isEqualTo(COMPUTE);
    }

    @Test
    void whatWasLearnedBeforeIsKnownAtOnce() {
        assertThat(auto(Map.of(ID, new FunctionProfile(0.02, 100, 9))).choose(F))
                .isEqualTo(WAIT);
        assertThat(auto(Map.of(ID, new FunctionProfile(0.98, 100, 9))).choose(F))
                .isEqualTo(COMPUTE);
    }

    @Test
    void oneCallInSixtyFourThatWaitIsASampleAndNeverTwoAtOnce() {
        Auto auto = auto(Map.of(ID, new FunctionProfile(0.02, 100, 9)));
        for (int i = 0; i < 63; i++) {
            assertThat(auto.choose(F)).isEqualTo(WAIT);
            auto.started(F, WAIT, RUNNING);
        }
        assertThat(auto.choose(F)).isEqualTo(SAMPLE);
        auto.started(F, SAMPLE, RUNNING);
        for (int i = 0; i < 200; i++) {
            assertThat(auto.choose(F)).isEqualTo(WAIT);
            auto.started(F, WAIT, RUNNING);
        }
        auto.ended(F, Chunks.JOB, SAMPLE, new Ending.Stopped(), 1, BYTES);
        assertThat(auto.choose(F)).isEqualTo(SAMPLE);
    }

    @Test
    void aFunctionThatNoLongerWaitsIsNoticedBySamples() {
        Auto auto = auto(Map.of(ID, new FunctionProfile(0.02, 100, 9)));
        for (int i = 0; i < 5; i++) {
            ran(auto, F, SAMPLE, 100, 100);
        }
        assertThat(auto.choose(F)).isEqualTo(COMPUTE);
    }

    @Test
    void callsThatDidNotAnswerTeachNothing() {
        Auto auto = auto(Map.of());
        auto.started(F, LEARN, RUNNING);
        auto.ended(F, Chunks.JOB, LEARN, new Ending.TimedOut(Duration.ofSeconds(1)), 1, BYTES);
        auto.ended(F, Chunks.JOB, LEARN, new Ending.Raised("E", "no", "", false), 1, BYTES);
        assertThat(auto.choose(F)).isEqualTo(LEARN);
    }

    @Test
    void childrenAndStagesAreWhatTheyAre() {
        Auto auto = auto(Map.of());
        ChildFunction child = new ChildFunction(Chunks.description("child", EnumSet.allOf(Strategy.class)), List.of());
        assertThat(auto.choose(child)).isEqualTo(new Choice(Strategy.PROCESSES, false));
        assertThat(auto.choose(async(chunk -> null))).isEqualTo(WAIT);
        assertThat(auto.choose(async(EnumSet.of(Strategy.AUTO, Strategy.THREADS), chunk -> null)))
                .isEqualTo(COMPUTE);
    }

    @Test
    void whatAFunctionExcludesIsNotChosen() {
        Auto auto = auto(Map.of());
        ChunkFunction threads = function("threads", EnumSet.of(Strategy.AUTO, Strategy.THREADS), chunk -> chunk);
        ChunkFunction async = function("async", EnumSet.of(Strategy.AUTO, Strategy.ASYNC), chunk -> chunk);
        ChunkFunction processes = function("processes", EnumSet.of(Strategy.AUTO, Strategy.PROCESSES), chunk -> chunk);
        ran(auto, threads, COMPUTE, 100, 1);
        ran(auto, async, SAMPLE, 100, 100);
        assertThat(auto.choose(threads)).isEqualTo(COMPUTE);
        assertThat(auto.choose(async)).isEqualTo(WAIT);
        assertThat(auto.choose(processes)).isEqualTo(new Choice(Strategy.PROCESSES, false));
    }

    @Test
    void whatIsLearnedIsToldAtOnceWhenItChangesAndElseEveryTenSeconds() {
        Auto auto = auto(Map.of());
        ran(auto, F, LEARN, 100, 99);
        ran(auto, F, COMPUTE, 100, 99);
        now.addAndGet(Duration.ofSeconds(9).toNanos());
        ran(auto, F, COMPUTE, 100, 99);
        now.addAndGet(Duration.ofSeconds(1).toNanos());
        ran(auto, F, COMPUTE, 100, 99);
        await().until(() -> learned.size() == 2);
        for (int i = 0; i < 5; i++) {
            ran(auto, F, COMPUTE, 100, 0);
        }
        await().until(() -> learned.size() == 3);
        assertThat(learned.stream().map(FunctionProfile::samples)).startsWith(1L, 4L);
        assertThat(learned.getLast().cpuShare()).isLessThan(0.4);
    }

    @Test
    void whatAByteCostsIsToldOnceEnoughCallsHaveBeenMeasured() {
        Auto auto = auto(Map.of());
        for (int i = 0; i < 4; i++) {
            ran(auto, F, LEARN, 100, 99);
        }
        now.addAndGet(Duration.ofSeconds(10).toNanos());
        ran(auto, F, COMPUTE, 100, 99);
        await().until(() -> learned.size() == 2);
        assertThat(learned.getFirst().nanosPerByte()).isEmpty();
        assertThat(learned.getLast().nanosPerByte()).hasValue(100 * MS / (double) BYTES);
    }

    @Test
    void whatAByteCostsSurvivesItsWorkerUntilThereIsMoreToLearnFrom() {
        Auto auto = auto(Map.of(ID, new FunctionProfile(0.98, 100, 9, OptionalDouble.of(7))));
        ran(auto, F, COMPUTE, 100, 99);
        await().until(() -> learned.size() == 1);
        assertThat(learned.getFirst().nanosPerByte()).hasValue(7);
    }

    @Test
    void whatAByteCostsInChildrenAndStagesIsLearnedToo() {
        Auto auto = auto(Map.of());
        ChildFunction child = new ChildFunction(Chunks.description("child", EnumSet.allOf(Strategy.class)), List.of());
        ran(auto, child, new Choice(Strategy.PROCESSES, false), 1000, 990);
        AsyncFunction stage = async(chunk -> null);
        auto.started(stage, WAIT, RUNNING);
        Ending answered = new Ending.Answered(new byte[0], 3000 * MS, OptionalLong.empty());
        auto.ended(stage, Chunks.JOB, WAIT, answered, 1, BYTES);
        await().until(() -> learned.size() == 2);
        assertThat(learned.stream().map(FunctionProfile::nanosPerByte))
                .containsExactly(
                        OptionalDouble.of(1000 * MS / (double) BYTES), OptionalDouble.of(3000 * MS / (double) BYTES));
        assertThat(meters.find("fanfold.auto.choices").counters()).isEmpty();
    }

    @Test
    void aJobThatOnlyMakesOthersQueueIsLimitedAndOtherJobsAreNot() {
        Auto auto = auto(Map.of(ID, new FunctionProfile(0.02, 100, 9)));
        assertThat(auto.limit(Chunks.JOB)).isEqualTo(Integer.MAX_VALUE);
        for (int inFlight = 1; inFlight <= 1000; inFlight++) {
            waited(auto, Chunks.JOB, Math.max(32, inFlight), inFlight);
        }
        assertThat(auto.limit(Chunks.JOB)).isLessThan(128);
        assertThat(auto.limit(new JobId("other"))).isEqualTo(Integer.MAX_VALUE);
        assertThat(meters.get("fanfold.auto.limit")
                        .tag("function", "f@1")
                        .gauge()
                        .value())
                .isEqualTo(auto.limit(Chunks.JOB));
    }

    /** Runs chunks as a lane does. */
    private final class SmallLane implements AutoCloseable {
        private final Auto auto;
        private final Execution threads = new ThreadsExecution("threads", 2, clock, meters, () -> {});
        private final AsyncExecution async = new AsyncExecution("async", Integer.MAX_VALUE, clock, meters, () -> {});

        SmallLane(Auto auto) {
            this.auto = auto;
        }

        Told start(FanfoldFunction function, Map<String, Object> parameters, byte[] npy) {
            Choice choice = auto.choose(function);
            Told told = new Told();
            Consumer<Ending> ended = ending -> {
                auto.ended(function, Chunks.JOB, choice, ending, 1, npy.length);
                told.accept(ending);
            };
            Call call = new Call(Chunks.JOB, 0, function, parameters, npy, Duration.ZERO);
            Execution.Running running = switch (choice.strategy()) {
                case ASYNC -> choice.sample() ? async.startMeasured(call, ended) : async.start(call, ended);
                case AUTO, THREADS, PROCESSES -> threads.start(call, ended);
            };
            auto.started(function, choice, running);
            return told;
        }

        @Override
        public void close() {
            threads.close();
            async.close();
        }
    }

    private static final Map<FunctionId, FunctionProfile> WARM = Map.of(
            new FunctionId("sleep", "1"), new FunctionProfile(0.01, 20, 100),
            new FunctionId("mandelbrot", "1"), new FunctionProfile(0.99, 20, 100));

    @Test
    void sleepEndsUpAsyncColdAndWarm() throws Exception {
        for (Map<FunctionId, FunctionProfile> known : List.of(Map.<FunctionId, FunctionProfile>of(), WARM)) {
            Auto auto = auto(known);
            try (SmallLane lane = new SmallLane(auto)) {
                for (int i = 0; i < 200; i++) {
                    lane.start(Chunks.builtIn("sleep"), Map.of("ms", 10L), Chunks.npy(1000))
                            .ending(Ending.Answered.class);
                }
            }
            assertThat(auto.choose(Chunks.builtIn("sleep")).strategy()).isEqualTo(Strategy.ASYNC);
        }
    }

    @Test
    void mandelbrotEndsUpOnThreadsColdAndWarm() throws Exception {
        byte[] points = Chunks.zeros("<c16", Shape.of(5000)); // c = 0 never escapes
        for (Map<FunctionId, FunctionProfile> known : List.of(Map.<FunctionId, FunctionProfile>of(), WARM)) {
            Auto auto = auto(known);
            try (SmallLane lane = new SmallLane(auto)) {
                for (int i = 0; i < 20; i++) {
                    lane.start(Chunks.builtIn("mandelbrot"), Map.of("iterations", 1000L), points)
                            .ending(Ending.Answered.class);
                }
            }
            assertThat(auto.choose(Chunks.builtIn("mandelbrot"))).isEqualTo(COMPUTE);
        }
    }

    @Test
    void aCallThatWaitsIsSeenToWaitBeforeItEnds() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        ChunkFunction endless = function(chunk -> {
            released.await();
            return chunk;
        });
        Auto auto = auto(Map.of());
        try (SmallLane lane = new SmallLane(auto)) {
            Told first = lane.start(endless, Map.of(), Chunks.npy(1));
            await().until(() -> auto.choose(endless).equals(WAIT) && changes.get() == 1);
            assertThat(learned).isEmpty(); // a glimpse is no sample
            released.countDown();
            first.ending(Ending.Answered.class);
            await().until(() -> learned.size() == 1);
        }
    }

    @Test
    void aCallThatHasEndedIsNotLookedAt() throws Exception {
        Told told = new Told();
        try (Execution threads = new ThreadsExecution("threads", 1, clock, meters, () -> {})) {
            Attempt attempt = (Attempt) threads.start(call(F), told);
            told.ending();
            assertThat(attempt.measured()).isEmpty();
        }
    }
}
