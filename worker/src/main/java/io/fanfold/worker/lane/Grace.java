package io.fanfold.worker.lane;

import io.fanfold.protocol.wire.FunctionId;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How long chunks wait whose function this worker does not have, so that a worker that has it may take their lane over. Those of
 * one function wait together: a job of a thousand chunks waits one grace, not a thousand. Any thread.
 */
final class Grace {
    /** Beyond so many functions, those are forgotten whose grace is over for good. */
    private static final int KEPT = 1000;

    private final long graceNanos;
    private final Map<FunctionId, Long> ends = new ConcurrentHashMap<>();
    private final AtomicInteger waiting = new AtomicInteger();

    Grace(Duration grace) {
        this.graceNanos = grace.toNanos();
    }

    /** A chunk of this function begins to wait: for how long. */
    Duration begin(FunctionId function, long nowNanos) {
        waiting.incrementAndGet();
        if (ends.size() > KEPT) {
            ends.values().removeIf(end -> nowNanos - end > graceNanos);
        }
        long end = ends.compute(
                function, (_, old) -> old == null || nowNanos - old > graceNanos ? nowNanos + graceNanos : old);
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
