package io.fanfold.worker.lane;

import io.fanfold.protocol.wire.JobId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How many chunks of each job run in this worker. Any thread. */
final class InFlight {
    private final Map<JobId, Integer> running = new ConcurrentHashMap<>();

    int of(JobId job) {
        return running.getOrDefault(job, 0);
    }

    /** One more runs: how many do now. */
    int more(JobId job) {
        return running.merge(job, 1, Integer::sum);
    }

    void less(JobId job) {
        running.computeIfPresent(job, (_, count) -> count == 1 ? null : count - 1);
    }
}
