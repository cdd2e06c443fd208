package io.fanfold.worker.strategy;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The places of an execution in this JVM: how many there are, how many attempts hold one, and what all attempts need. Any thread. */
final class Places {
    private static final Logger LOG = LoggerFactory.getLogger(Places.class);
    private static final int THREADS_APART = 4;

    private final ScheduledExecutorService clock;
    private final Duration grace;
    private final Runnable freed;
    private final Counter abandoned;
    private final Executor apart;
    private final AtomicInteger taken = new AtomicInteger();
    private volatile int parallelism;

    /**
     * @param clock must outlive this; it runs no code of functions
     * @param grace how long a function that was interrupted has to end, before it is abandoned
     * @param freed told after a place has become free; it must not block
     */
    Places(
            String name,
            int parallelism,
            ScheduledExecutorService clock,
            Duration grace,
            MeterRegistry meters,
            Runnable freed) {
        this.clock = clock;
        this.grace = grace;
        this.freed = freed;
        this.abandoned = meters.counter("fanfold.calls.abandoned");
        this.apart = apart(name);
        resize(parallelism);
    }

    /** Platform threads for what is neither the clock's to do nor the function's; none while there is nothing to do. */
    private static Executor apart(String name) {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS_APART,
                THREADS_APART,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name(name + "-apart-", 0).daemon().factory());
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** A new attempt, which holds a place until it has told how it ended. */
    Attempt take(Call call, Consumer<Ending> ended) {
        taken.incrementAndGet();
        Attempt attempt = new Attempt(call, ended, this);
        attempt.timeOutAfter(call.timeout());
        return attempt;
    }

    void release() {
        taken.decrementAndGet();
        try {
            freed.run();
        } catch (RuntimeException e) {
            LOG.error("who waits for a free place failed", e);
        }
    }

    int free() {
        return Math.max(0, parallelism - taken.get());
    }

    int over() {
        return Math.max(0, taken.get() - parallelism);
    }

    void resize(int parallelism) {
        if (parallelism < 1) {
            throw new IllegalArgumentException("parallelism is " + parallelism + ": at least one call must run");
        }
        this.parallelism = parallelism;
    }

    /** A time beyond all measure, which a job may ask for, is as long as the clock goes: some 290 years. */
    Future<?> after(Duration time, Runnable quick) {
        return clock.schedule(quick, TimeUnit.NANOSECONDS.convert(time), TimeUnit.NANOSECONDS);
    }

    Duration grace() {
        return grace;
    }

    /** Runs it soon on a thread where it may block. */
    void apart(Runnable work) {
        apart.execute(work);
    }

    void countAbandoned() {
        abandoned.increment();
    }
}
