package io.fanfold.worker.strategy;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The strategy {@code threads}: each call on a platform thread of its own, of which there are as many as who calls lets run. CPU
 * time is measured. A thread that is abandoned is replaced by the next start.
 */
public final class ThreadsExecution implements Execution {
    private static final long SHORT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** On a thread of such a pool: what it runs next, started from the ending of what it ran before. */
    private static final ThreadLocal<@Nullable Next> NEXT = new ThreadLocal<>();

    private record Next(ThreadsExecution of, Queue<Attempt> queue) {}

    private final Places places;
    private final ThreadPoolExecutor threads;
    private volatile boolean shortCalls;

    /**
     * @param name how the threads are called in thread dumps and logs
     * @param clock times calls; shared, must outlive this, see {@link WorkerClock}
     * @param freed told, on any thread, after a place has become free; it must not block
     */
    public ThreadsExecution(
            String name, int parallelism, ScheduledExecutorService clock, MeterRegistry meters, Runnable freed) {
        this(name, parallelism, clock, WorkerClock.GRACE, meters, freed);
    }

    ThreadsExecution(
            String name,
            int parallelism,
            ScheduledExecutorService clock,
            Duration grace,
            MeterRegistry meters,
            Runnable freed) {
        this.places = new Places(name, parallelism, clock, grace, meters, freed);
        this.threads = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                10,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                Thread.ofPlatform().name(name + "-", 0).daemon().factory());
    }

    @Override
    public Running start(Call call, Consumer<Ending> ended) {
        Attempt attempt = places.take(call, ended);
        Next here = NEXT.get();
        if (here != null && here.of == this && here.queue.isEmpty()) {
            here.queue.add(attempt); // no other thread need be woken for it
            return attempt;
        }
        try {
            threads.execute(() -> run(attempt));
        } catch (RejectedExecutionException closed) {
            places.apart(() -> attempt.end(new Ending.Stopped()));
        }
        return attempt;
    }

    /** Runs a call, then what its ending has started, one after the other. */
    private void run(Attempt first) {
        Queue<Attempt> here = new ArrayDeque<>(1);
        NEXT.set(new Next(this, here));
        for (Attempt attempt = first; attempt != null; attempt = here.poll()) {
            runOne(attempt);
        }
        NEXT.remove();
    }

    /** Time without a core is worth its own cost only where calls are not shorter than that. */
    private void runOne(Attempt attempt) {
        Stopwatch watch = Stopwatch.ofThisThread(!shortCalls);
        attempt.run(watch);
        shortCalls = watch.wallNanos() < SHORT_NANOS;
    }

    @Override
    public int free() {
        return places.free();
    }

    /** How many calls run beyond those that it is made for. */
    public int over() {
        return places.over();
    }

    @Override
    public void resize(int parallelism) {
        places.resize(parallelism);
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
