package io.fanfold.worker.strategy;

import io.fanfold.protocol.wire.JobId;
import java.util.LinkedHashMap;
import java.util.Map;

/** The limits of jobs whose calls wait, of the jobs met last. Any thread. */
final class Limits {
    private static final int JOBS = 1024;

    private final Map<JobId, Gradient> gradients = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<JobId, Gradient> eldest) {
            return size() > JOBS;
        }
    };

    /** A limit that a call has moved, or not. */
    record Move(int before, int after) {}

    synchronized int of(JobId job) {
        Gradient gradient = gradients.get(job);
        return gradient == null ? Gradient.UNLIMITED : gradient.limit();
    }

    synchronized Move completed(JobId job, long wallNanos, int inFlight) {
        Gradient gradient = gradients.computeIfAbsent(job, _ -> new Gradient());
        int before = gradient.limit();
        gradient.completed(wallNanos, inFlight);
        return new Move(before, gradient.limit());
    }
}
