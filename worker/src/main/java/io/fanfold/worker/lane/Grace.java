package io.fanfold.worker.lane;

import io.fanfold.protocol.wire.JobId;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How long chunks wait whose function this worker does not have, so that a worker that has it may take their lane over. Those of
 * one job wait together: a job of a thousand chunks waits one grace, not a thousand. Any thread.
 */
final class Grace {
    /** Beyond so many jobs, those are forgotten whose grace is over for good. */
    private static final int KEPT = 1000;

    private final long graceNanos;
    private final Map<JobId, Long> ends = new ConcurrentHashMap<>();
    private final AtomicInteger waiting = new AtomicInteger();

    Grace(Duration grace) {
        this.graceNanos = grace.toNanos();
    }

    /** A chunk of this job begins to wait: for how long. */
    Duration begin(JobId job, long nowNanos) {
        waiting.incrementAndGet();
        if (ends.size() > KEPT) {
            ends.values().removeIf(end -> nowNanos - end > graceNanos);
        }
        long end = ends.computeIfAbsent(job, _ -> nowNanos + graceNanos);
        return Duration.ofNanos(Math.max(0, end - nowNanos));
    }

    void end() {
        waiting.decrementAndGet();
    }

    /** How many chunks wait. */
    int waiting() {
        return waiting.get();
    }
}
