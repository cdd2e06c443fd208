package io.fanfold.worker.strategy;

import static io.fanfold.worker.strategy.Chunks.call;
import static io.fanfold.worker.strategy.Chunks.function;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.worker.function.FanfoldFunction;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every execution does, whichever its strategy. */
abstract class ExecutionSuite {
    private static final Duration SOON = Duration.ofMillis(20);

    /** A timeout that comes when the function runs: one that is earlier than its thread ends a call that has not begun. */
    private static final Duration ONCE_BEGUN = Duration.ofSeconds(2);

    /** Long enough that no test sees its end. */
    private static final Duration NEVER = Duration.ofHours(1);

    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final ScheduledExecutorService clock = WorkerClock.start();
    final CountDownLatch began = new CountDownLatch(1);
    final CountDownLatch released = new CountDownLatch(1);
    private final List<Execution> made = new ArrayList<>();

    abstract Execution make(int parallelism, Duration grace, Runnable freed);

    /** Waits until it is interrupted, or {@link #released}. */
    FanfoldFunction waiting() {
        return function(chunk -> {
            began.countDown();
            released.await();
            return chunk;
        });
    }

    /** Waits until {@link #released}, whoever interrupts it. */
    FanfoldFunction stubborn() {
        return function(chunk -> {
            began.countDown();
            uninterruptibly(released);
            return chunk;
        });
    }

    @AfterEach
    final void close() {
        released.countDown();
        made.forEach(Execution::close);
        clock.shutdownNow();
    }

    final Execution execution(int parallelism) {
        return execution(parallelism, NEVER, () -> {});
    }

    final Execution execution(int parallelism, Duration grace, Runnable freed) {
        Execution execution = make(parallelism, grace, freed);
        made.add(execution);
        return execution;
    }

    static Told start(Execution execution, FanfoldFunction function) {
        Told told = new Told();
        execution.start(call(function), told);
        return told;
    }

    static void uninterruptibly(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            LockSupport.parkNanos(1_000_000);
            boolean _ = Thread.interrupted();
        }
    }

    private double abandoned() {
        return meters.counter("fanfold.calls.abandoned").count();
    }

    @Test
    void aCallEndsWithTheAnswerOfItsFunction() throws Exception {
        Ending.Answered answered = start(execution(1), function(chunk -> chunk)).ending(Ending.Answered.class);
        assertThat(answered.npy()).isEqualTo(Chunks.npy(1));
        assertThat(answered.wallNanos()).isPositive();
    }

    @Test
    void anEndingIsToldOnAnotherThread() throws Exception {
        Told told = start(execution(1), function(chunk -> chunk));
        told.ending();
        assertThat(told.by()).isNotEqualTo(Thread.currentThread());
    }

    @Test
    void theFunctionSeesTheParametersOfItsCall() throws Exception {
        Told told = new Told();
        Call call = new Call(
                Chunks.JOB, 0, Chunks.builtIn("sleep"), Map.of("ms", "no number"), Chunks.npy(1), Duration.ZERO);
        execution(1).start(call, told);
        assertThat(told.ending(Ending.Raised.class).message()).contains("no number");
    }

    @Test
    void bytesThatAreNoArrayRaise() throws Exception {
        Told told = new Told();
        Call call = new Call(Chunks.JOB, 42, function(chunk -> chunk), Map.of(), new byte[10], Duration.ZERO);
        execution(1).start(call, told);
        assertThat(told.ending(Ending.Raised.class).message()).contains("chunk 42 of job job");
    }

    private static Stream<Throwable> thrown() {
        return Stream.of(
                new IllegalStateException("no state"),
                new AssertionError("not so"),
                new NoClassDefFoundError("some/Missing"),
                new StackOverflowError("deep"),
                new InterruptedException("by nobody"));
    }

    @ParameterizedTest
    @MethodSource("thrown")
    void whatAFunctionThrowsIsRaised(Throwable thrown) throws Exception {
        Ending.Raised raised =
                start(execution(1), function(chunk -> rethrow(thrown))).ending(Ending.Raised.class);
        assertThat(raised.error()).isEqualTo(thrown.getClass().getName());
        assertThat(raised.message()).contains(thrown.getMessage());
    }

    @Test
    void anExceptionThatCannotSayItsMessageIsRaisedAllTheSame() throws Exception {
        RuntimeException unreadable = new RuntimeException() {
            @Override
            public String getMessage() {
                throw new IllegalStateException("no message");
            }
        };
        assertThat(start(execution(1), function(chunk -> rethrow(unreadable)))
                        .ending(Ending.Raised.class)
                        .message())
                .contains("cannot be read");
    }

    @Test
    void anErrorOfTheJvmIsFatal() throws Exception {
        OutOfMemoryError error = new OutOfMemoryError("heap, for a test");
        assertThat(start(execution(1), function(chunk -> rethrow(error))).ending())
                .isEqualTo(new Ending.Fatal(error));
    }

    @Test
    void aFunctionThatObeysItsInterruptTimesOut() throws Exception {
        Told told = new Told();
        Execution execution = execution(1);
        execution.start(call(waiting(), SOON), told);
        assertThat(told.ending()).isEqualTo(new Ending.TimedOut(SOON));
        await().until(() -> execution.free() == 1);
        assertThat(abandoned()).isZero();
    }

    @Test
    void aFunctionThatIgnoresItsInterruptIsAbandonedCountedAndReplaced() throws Exception {
        Told told = new Told();
        Execution execution = execution(1, SOON, () -> {});
        execution.start(call(stubborn(), ONCE_BEGUN), told);
        assertThat(told.ending()).isEqualTo(new Ending.TimedOut(ONCE_BEGUN));
        await().until(() -> execution.free() == 1);
        await().until(() -> abandoned() == 1);
        start(execution, function(chunk -> chunk)).ending(Ending.Answered.class);
    }

    @Test
    void whatAnAbandonedFunctionDoesLaterIsIgnored() throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        FanfoldFunction late = function(chunk -> {
            uninterruptibly(released);
            left.countDown();
            throw new IllegalStateException("too late");
        });
        Told told = new Told();
        Execution execution = execution(1, SOON, () -> {});
        execution.start(call(late, ONCE_BEGUN), told);
        told.ending(Ending.TimedOut.class);
        await().until(() -> execution.free() == 1);
        released.countDown();
        left.await();
        start(execution, function(chunk -> chunk)).ending(Ending.Answered.class);
        await().until(() -> execution.free() == 1);
        assertThat(told.times()).isEqualTo(1);
    }

    @Test
    void aStoppedCallEndsAsStoppedHoweverOftenItIsStopped() throws Exception {
        Told told = new Told();
        Execution execution = execution(1);
        Execution.Running running = execution.start(call(waiting()), told);
        began.await();
        running.stop();
        running.stop();
        assertThat(told.ending()).isEqualTo(new Ending.Stopped());
        running.stop();
        await().until(() -> execution.free() == 1);
        assertThat(told.times()).isEqualTo(1);
    }

    @Test
    void aCallThatIsStoppedAtOnceEnds() throws Exception {
        Told told = new Told();
        execution(1).start(call(waiting()), told).stop();
        assertThat(told.ending()).isEqualTo(new Ending.Stopped());
    }

    @Test
    void aStoppedFunctionThatGoesOnIsAbandoned() throws Exception {
        Told told = new Told();
        Execution execution = execution(1, SOON, () -> {});
        Execution.Running running = execution.start(call(stubborn()), told);
        began.await();
        running.stop();
        assertThat(told.ending()).isEqualTo(new Ending.Stopped());
        await().until(() -> execution.free() == 1 && abandoned() == 1);
    }

    @Test
    void anExceptionOfAFunctionThatIsStoppedIsNoFailure() throws Exception {
        FanfoldFunction wraps = function(chunk -> {
            began.countDown();
            try {
                released.await();
                return chunk;
            } catch (InterruptedException e) {
                throw new IllegalStateException("wrapped", e);
            }
        });
        Told told = new Told();
        Execution.Running running = execution(1).start(call(wraps), told);
        began.await();
        running.stop();
        assertThat(told.ending()).isEqualTo(new Ending.Stopped());
    }

    @Test
    void anAnswerAfterTheTimeoutIsNotBelieved() throws Exception {
        FanfoldFunction swallows = function(chunk -> {
            try {
                released.await();
            } catch (InterruptedException e) {
                return chunk; // as if half of it were all
            }
            return chunk;
        });
        Told told = new Told();
        execution(1).start(call(swallows, SOON), told);
        assertThat(told.ending()).isEqualTo(new Ending.TimedOut(SOON));
    }

    @Test
    void aFunctionThatInterruptsItselfHarmsNobody() throws Exception {
        AtomicReference<Boolean> interrupted = new AtomicReference<>();
        CountDownLatch told = new CountDownLatch(1);
        Execution execution = execution(1);
        FanfoldFunction self = function(chunk -> {
            Thread.currentThread().interrupt();
            return chunk;
        });
        execution.start(call(self), ending -> {
            interrupted.set(Thread.currentThread().isInterrupted());
            told.countDown();
        });
        told.await();
        assertThat(interrupted.get()).isFalse();
        start(execution, function(chunk -> {
                    Thread.sleep(1); // throws if the interrupt is still there
                    return chunk;
                }))
                .ending(Ending.Answered.class);
    }

    @Test
    void freeIsWhatIsNotRunning() throws Exception {
        Execution execution = execution(3);
        assertThat(execution.free()).isEqualTo(3);
        start(execution, waiting());
        start(execution, waiting());
        assertThat(execution.free()).isEqualTo(1);
        released.countDown();
        await().until(() -> execution.free() == 3);
    }

    @Test
    void aCallBeyondWhatIsFreeRunsAtOnceAndFreeIsNotNegative() throws Exception {
        Execution execution = execution(1);
        start(execution, waiting());
        start(execution, function(chunk -> chunk)).ending(Ending.Answered.class);
        assertThat(execution.free()).isZero();
    }

    @Test
    void itIsResizedWhileCallsRun() {
        Execution execution = execution(1);
        start(execution, waiting());
        execution.resize(3);
        assertThat(execution.free()).isEqualTo(2);
        start(execution, waiting());
        start(execution, waiting());
        execution.resize(2);
        assertThat(execution.free()).isZero();
        released.countDown();
        await().until(() -> execution.free() == 2);
    }

    @Test
    void anEndingThatIsNotTakenYetHoldsItsPlace() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        Execution execution = execution(1);
        execution.start(call(function(chunk -> chunk)), ending -> {
            told.countDown();
            uninterruptibly(released);
        });
        told.await();
        assertThat(execution.free()).isZero();
        released.countDown();
        await().until(() -> execution.free() == 1);
    }

    @Test
    void aPlaceIsFreeWhenItIsSaidToBe() {
        AtomicReference<Execution> execution = new AtomicReference<>();
        AtomicInteger free = new AtomicInteger();
        execution.set(execution(1, NEVER, () -> free.set(execution.get().free())));
        start(execution.get(), function(chunk -> chunk));
        await().until(() -> free.get() == 1);
    }

    @Test
    void anEndingThatIsNotTakenWellGivesItsPlaceBack() {
        Execution execution = execution(1);
        execution.start(call(function(chunk -> chunk)), ending -> {
            throw new IllegalStateException("not taken, for a test");
        });
        await().until(() -> execution.free() == 1);
    }

    @Test
    void whatRunsWhenItIsClosedEndsAndWhatIsStartedThenDoesNotRun() throws Exception {
        Execution execution = execution(2);
        Told before = start(execution, function(chunk -> {
            began.countDown();
            released.await();
            return chunk;
        }));
        began.await();
        execution.close();
        Told after = start(execution, function(chunk -> chunk));
        assertThat(after.ending()).isEqualTo(new Ending.Stopped());
        assertThat(after.by()).isNotEqualTo(Thread.currentThread());
        released.countDown();
        before.ending(Ending.Answered.class);
    }

    @Test
    void stopTimeoutAndEndAtTheSameTimeMakeOneEndingAndInterruptNobodyElse() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Execution execution = execution(4, Duration.ofMillis(1), () -> {});
        List<Told> all = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            long nanos = random.nextLong(1_500_000);
            Told told = new Told();
            all.add(told);
            FanfoldFunction brief = function(chunk -> {
                Thread.sleep(Duration.ofNanos(nanos)); // raises, if interrupted by anybody but us
                return chunk;
            });
            Execution.Running running =
                    execution.start(call(brief, Duration.ofNanos(1 + random.nextLong(2_000_000))), told);
            LockSupport.parkNanos(random.nextLong(1_000_000));
            if (random.nextBoolean()) {
                running.stop();
            }
        }
        for (Told told : all) {
            told.ending();
        }
        await().until(() -> execution.free() == 4);
        assertThat(all).as("seed %d", seed).allSatisfy(told -> {
            assertThat(told.times()).isEqualTo(1);
            assertThat(told.ending()).isNotInstanceOf(Ending.Raised.class);
        });
    }

    private static ArraySlice rethrow(Throwable e) throws Exception {
        switch (e) {
            case Error error -> throw error;
            case Exception exception -> throw exception;
            default -> throw new IllegalArgumentException(e);
        }
    }
}
