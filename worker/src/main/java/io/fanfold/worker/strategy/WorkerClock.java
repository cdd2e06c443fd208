package io.fanfold.worker.strategy;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/** The one thread that a worker's executions take the time from. What it runs is quick and never a function's code. */
public final class WorkerClock {
    /** How long a function that was interrupted has to end, before it is abandoned. */
    static final Duration GRACE = Duration.ofSeconds(1);

    private WorkerClock() {}

    /** A clock on a daemon thread; who starts it shuts it down, after the executions that use it. */
    public static ScheduledExecutorService start() {
        ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("clock").daemon().factory());
        clock.setRemoveOnCancelPolicy(true); // else calls that ended stay in memory until they would have timed out
        return clock;
    }
}
