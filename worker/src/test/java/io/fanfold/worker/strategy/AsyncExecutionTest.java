package io.fanfold.worker.strategy;

import static io.fanfold.worker.strategy.Chunks.async;
import static io.fanfold.worker.strategy.Chunks.call;
import static io.fanfold.worker.strategy.Chunks.function;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.worker.function.FanfoldFunction;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class AsyncExecutionTest extends ExecutionSuite {
    private static final int MANY = 10_000;

    @Override
    AsyncExecution make(int parallelism, Duration grace, Runnable freed) {
        return new AsyncExecution("test-async", parallelism, clock, grace, meters, freed);
    }

    private AsyncExecution unlimited() {
        return (AsyncExecution) execution(Integer.MAX_VALUE);
    }

    @Test
    void aCallRunsOnAVirtualThread() throws Exception {
        Told told = start(unlimited(), function(chunk -> chunk));
        assertThat(told.ending(Ending.Answered.class).cpuNanos()).isEmpty();
        assertThat(told.by().isVirtual()).isTrue();
    }

    @Test
    void aMeasuredCallRunsOnAThreadOfItsOwnAndCountsLikeAnyOther() throws Exception {
        AsyncExecution execution = (AsyncExecution) execution(2);
        Told told = new Told();
        execution.startMeasured(call(waiting()), told);
        assertThat(execution.free()).isEqualTo(1);
        released.countDown();
        assertThat(told.ending(Ending.Answered.class).cpuNanos()).isPresent();
        assertThat(told.by().isVirtual()).isFalse();
        await().until(() -> execution.free() == 2);
    }

    @Test
    void tenThousandCallsWaitTogetherWithoutThreadsAndInLittleMemory() throws Exception {
        CountDownLatch allBegan = new CountDownLatch(MANY);
        manyWait(
                function(chunk -> {
                    allBegan.countDown();
                    released.await();
                    return chunk;
                }),
                allBegan,
                released::countDown);
    }

    @Test
    void tenThousandStagesWaitTogetherWithoutThreadsAndInLittleMemory() throws Exception {
        CountDownLatch allBegan = new CountDownLatch(MANY);
        CompletableFuture<Void> end = new CompletableFuture<>();
        manyWait(
                async(chunk -> {
                    allBegan.countDown();
                    return end.thenApply(nothing -> chunk);
                }),
                allBegan,
                () -> end.complete(null));
    }

    private void manyWait(FanfoldFunction function, CountDownLatch allBegan, Runnable release) throws Exception {
        AsyncExecution execution = unlimited();
        int threadsBefore = ManagementFactory.getThreadMXBean().getThreadCount();
        long memoryBefore = usedMemory();
        List<Told> all = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            Told told = new Told();
            all.add(told);
            Call call = new Call(Chunks.JOB, i, function, Map.of(), Chunks.npy(1024), Duration.ofHours(1));
            execution.start(call, told);
        }
        allBegan.await();
        assertThat(execution.free()).isEqualTo(Integer.MAX_VALUE - MANY);
        assertThat(ManagementFactory.getThreadMXBean().getThreadCount()).isLessThan(threadsBefore + 64);
        assertThat((usedMemory() - memoryBefore) / MANY)
                .as("bytes for each call")
                .isLessThan(10_000);
        release.run();
        for (Told told : all) {
            told.ending(Ending.Answered.class);
        }
        await().until(() -> execution.free() == Integer.MAX_VALUE);
    }

    private static long usedMemory() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void aStageThatCompletesIsAnAnswerFromAnotherThreadThanItsOwn() throws Exception {
        CompletableFuture<ArraySlice> stage = new CompletableFuture<>();
        Told told = start(unlimited(), async(chunk -> {
            began.countDown();
            return stage.thenApply(answer -> answer);
        }));
        began.await();
        stage.complete(Npy.decode(MemorySegment.ofArray(Chunks.npy(3)), "test"));
        assertThat(told.ending(Ending.Answered.class).npy()).isEqualTo(Chunks.npy(3));
        assertThat(told.by()).isNotEqualTo(Thread.currentThread());
    }

    @Test
    void aStageThatFailsRaisesWhatItFailedWith() throws Exception {
        Told told = start(
                unlimited(),
                async(chunk -> CompletableFuture.failedFuture(
                        new CompletionException(new IllegalStateException("no connection")))));
        Ending.Raised raised = told.ending(Ending.Raised.class);
        assertThat(raised.error()).isEqualTo("java.lang.IllegalStateException");
        assertThat(raised.message()).isEqualTo("no connection");
    }

    @Test
    void anErrorOfTheJvmInAStageIsFatal() throws Exception {
        OutOfMemoryError error = new OutOfMemoryError("heap, for a test");
        Told told = start(unlimited(), async(chunk -> CompletableFuture.failedFuture(error)));
        assertThat(told.ending()).isEqualTo(new Ending.Fatal(error));
    }

    @Test
    void aFunctionThatCannotStartItsStageRaises() throws Exception {
        Told told = start(unlimited(), async(chunk -> {
            throw new IllegalArgumentException("not such a chunk");
        }));
        assertThat(told.ending(Ending.Raised.class).message()).isEqualTo("not such a chunk");
    }

    @Test
    void noStageAndNoAnswerRaise() throws Exception {
        start(unlimited(), async(chunk -> null)).ending(Ending.Raised.class);
        start(unlimited(), async(chunk -> CompletableFuture.completedFuture(null)))
                .ending(Ending.Raised.class);
    }

    @Test
    void aStageThatTakesTooLongIsCancelled() throws Exception {
        CompletableFuture<ArraySlice> stage = new CompletableFuture<>();
        Told told = new Told();
        Duration soon = Duration.ofMillis(20);
        unlimited().start(call(async(chunk -> stage), soon), told);
        assertThat(told.ending()).isEqualTo(new Ending.TimedOut(soon));
        assertThat(stage).isCancelled();
    }

    @Test
    void aStageThatIsStoppedIsCancelled() throws Exception {
        CompletableFuture<ArraySlice> stage = new CompletableFuture<>();
        Told told = new Told();
        FanfoldFunction starts = async(chunk -> {
            began.countDown();
            return stage;
        });
        Execution.Running running = unlimited().start(call(starts), told);
        began.await();
        running.stop();
        assertThat(told.ending()).isEqualTo(new Ending.Stopped());
        await().until(stage::isCancelled);
    }

    @Test
    void aStageThatIsCancelledByNobodyOfUsRaises() throws Exception {
        CompletableFuture<ArraySlice> stage = new CompletableFuture<>();
        stage.cancel(true);
        assertThat(start(unlimited(), async(chunk -> stage))
                        .ending(Ending.Raised.class)
                        .error())
                .isEqualTo("java.util.concurrent.CancellationException");
    }

    @Test
    void aStageThatCannotBeCancelledIsAbandoned() throws Exception {
        CompletableFuture<ArraySlice> stage = new CompletableFuture<>() {
            @Override
            public boolean cancel(boolean mayInterrupt) {
                return false;
            }
        };
        AsyncExecution execution = (AsyncExecution) execution(1, Duration.ofMillis(20), () -> {});
        Told told = new Told();
        FanfoldFunction starts = async(chunk -> {
            began.countDown();
            return stage;
        });
        Execution.Running running = execution.start(call(starts), told);
        began.await();
        running.stop();
        assertThat(told.ending()).isEqualTo(new Ending.Stopped());
        await().until(() -> execution.free() == 1
                && meters.counter("fanfold.calls.abandoned").count() == 1);
    }

    @Test
    void whatACancelledStageRunsHoldsUpNoOtherTimeout() throws Exception {
        CompletableFuture<ArraySlice> slow = new CompletableFuture<>();
        CompletableFuture<?> _ = slow.whenComplete((answer, error) -> uninterruptibly(released));
        Duration soon = Duration.ofMillis(20);
        AsyncExecution execution = (AsyncExecution) execution(2, soon, () -> {});
        Told first = new Told();
        execution.start(call(async(chunk -> slow), soon), first);
        first.ending(Ending.TimedOut.class);
        Told second = new Told();
        execution.start(call(waiting(), soon), second);
        second.ending(Ending.TimedOut.class);
    }
}
