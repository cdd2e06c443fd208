package io.fanfold.worker.process;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What all children of a worker share.
 *
 * @param timer for deadlines: nothing that waits
 * @param threads platform threads, as many as are needed: for what waits on pipes, on processes, and on those who are told
 * @param census who lives
 */
record Means(ChildSettings settings, ScheduledExecutorService timer, ExecutorService threads, Census census) {
    /** How long a process may take to do what it is about to do by itself. */
    static final Duration GRACE = Duration.ofMillis(500);

    /** Acts after a while, unless something has happened by then. */
    void afterwards(Duration delay, Runnable action, CompletableFuture<?> unless) {
        Future<?> waiting = timer.schedule(action, TimeUnit.NANOSECONDS.convert(delay), TimeUnit.NANOSECONDS);
        CompletableFuture<Void> _ = unless.thenRun(() -> waiting.cancel(false));
    }

    /** Runs things when the grace is over. */
    Executor later() {
        return CompletableFuture.delayedExecutor(GRACE.toMillis(), TimeUnit.MILLISECONDS, threads);
    }
}
