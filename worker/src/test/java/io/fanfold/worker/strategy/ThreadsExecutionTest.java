package io.fanfold.worker.strategy;

import static io.fanfold.worker.strategy.Chunks.function;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fanfold.worker.function.ChunkFunction;
import io.fanfold.worker.function.FanfoldFunction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ThreadsExecutionTest extends ExecutionSuite {
    @Override
    Execution make(int parallelism, Duration grace, Runnable freed) {
        return new ThreadsExecution("test-threads", parallelism, clock, grace, meters, freed);
    }

    @Test
    void aCallRunsOnANamedPlatformThreadThatDoesNotHoldTheJvm() throws Exception {
        Told told = start(execution(1), function(chunk -> chunk));
        told.ending();
        assertThat(told.by().isVirtual()).isFalse();
        assertThat(told.by().isDaemon()).isTrue();
        assertThat(told.by().getName()).startsWith("test-threads-");
    }

    @Test
    void callsOneAfterTheOtherShareThreads() throws Exception {
        Semaphore free = new Semaphore(0);
        Execution execution = execution(1, Duration.ofHours(1), free::release);
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < 200; i++) {
            Told told = start(execution, function(chunk -> chunk));
            told.ending();
            threads.add(told.by());
            free.acquire();
        }
        assertThat(threads).hasSizeLessThan(20);
    }

    @Test
    void aCallThatTheEndOfAnotherStartsRunsOnTheSameThreadAndOthersBesideIt() throws Exception {
        Execution execution = execution(3);
        List<Told> next = new CopyOnWriteArrayList<>();
        CountDownLatch together = new CountDownLatch(2);
        FanfoldFunction meet = function(chunk -> {
            together.countDown();
            together.await();
            return chunk;
        });
        CompletableFuture<Thread> first = new CompletableFuture<>();
        Execution.Running _ = execution.start(Chunks.call(function(chunk -> chunk)), _ -> {
            next.add(start(execution, meet));
            next.add(start(execution, meet)); // they wait for each other: one thread alone would never end
            first.complete(Thread.currentThread());
        });
        Thread began = first.get(10, TimeUnit.SECONDS);
        for (Told told : next) {
            told.ending();
        }
        assertThat(next.stream().map(Told::by)).contains(began).doesNotHaveDuplicates();
    }

    @Test
    void aCallThatFollowsOnTheSameThreadIsTimedFromItsOwnStart() throws Exception {
        Execution execution = execution(1);
        CompletableFuture<Told> next = new CompletableFuture<>();
        CompletableFuture<Long> between = new CompletableFuture<>();
        Told first = new Told();
        Execution.Running _ = execution.start(Chunks.call(sleeping()), ending -> {
            first.accept(ending);
            between.complete(System.nanoTime());
            next.complete(start(execution, function(chunk -> chunk)));
        });
        Told second = next.get(10, TimeUnit.SECONDS);
        long wallNanos = second.ending(Ending.Answered.class).wallNanos();
        assertThat(second.by()).isEqualTo(first.by());
        assertThat(wallNanos).isLessThanOrEqualTo(System.nanoTime() - between.get());
    }

    @Test
    void cpuTimeTellsComputingFromWaiting() throws Exception {
        Execution execution = execution(1);
        assertThat(cpuShare(start(execution, computing()))).isGreaterThan(0.5);
        Told told = new Told();
        Attempt waiting = (Attempt) execution.start(Chunks.call(waiting()), told);
        await().until(() -> hasWaitedFarLongerThanItMayWaitForACore(waiting));
        released.countDown();
        assertThat(cpuShare(told)).isLessThan(0.5);
    }

    @Test
    void aFunctionThatHasToShareItsCoreComputesAllTheSame() throws Exception {
        assumeTrue(Files.isReadable(Path.of("/proc/thread-self/schedstat")), "only where the system tells");
        int crowd = 4 * Runtime.getRuntime().availableProcessors();
        Execution execution = execution(crowd);
        List<Told> all = new ArrayList<>();
        for (int i = 0; i < crowd; i++) {
            all.add(start(execution, computing()));
        }
        for (Told told : all) {
            assertThat(cpuShare(told)).isGreaterThan(0.5);
        }
    }

    @Test
    void whatARunningCallDoesIsSeenFromOutside() throws Exception {
        assumeTrue(Files.isReadable(Path.of("/proc/thread-self/schedstat")), "only where the system tells");
        Attempt computing = (Attempt) execution(1).start(Chunks.call(computing()), new Told());
        await().until(() -> computing.measured().map(Stopwatch::wantsCore).orElse(false));
        Attempt waiting = (Attempt) execution(1).start(Chunks.call(waiting()), new Told());
        await().until(() -> waiting.measured().map(watch -> !watch.wantsCore()).orElse(false));
        waiting.stop();
        await().until(() -> waiting.measured().isEmpty());
    }

    private static ChunkFunction computing() {
        return function(chunk -> {
            for (long end = System.nanoTime() + 300_000_000; System.nanoTime() < end; ) {
                Thread.onSpinWait();
            }
            return chunk;
        });
    }

    private static ChunkFunction sleeping() {
        return function(chunk -> {
            Thread.sleep(100);
            return chunk;
        });
    }

    /** What it waits for a core, such as after its release, counts as computing. */
    private static boolean hasWaitedFarLongerThanItMayWaitForACore(Attempt call) {
        return call.measured()
                .flatMap(Stopwatch::usage)
                .filter(used ->
                        used.wallNanos() - used.cpuNanos() > 1_000_000_000 && used.cpuNanos() < used.wallNanos() / 4)
                .isPresent();
    }

    private static double cpuShare(Told told) throws InterruptedException {
        Ending.Answered answered = told.ending(Ending.Answered.class);
        return (double) answered.cpuNanos().orElseThrow() / answered.wallNanos();
    }
}
