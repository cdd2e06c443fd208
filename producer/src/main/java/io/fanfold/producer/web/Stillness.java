package io.fanfold.producer.web;

import io.fanfold.producer.client.JobReport;
import io.fanfold.protocol.wire.JobId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * For how long pools have got no outcome though chunks want one, as far as is seen by looking again and again. Only chunks that are known
 * to exist count: before a job of unknown length is sealed nobody knows whether one waits or its submitter does. One thread.
 */
final class Stillness {
    private final Map<JobId, Long> done = new HashMap<>();
    private final Map<String, Long> since = new HashMap<>();

    /** The jobs that were open when this looked last. */
    Set<JobId> open() {
        return Set.copyOf(done.keySet());
    }

    /**
     * Looks.
     *
     * @param open all jobs that have not ended
     * @param ended jobs that have, since this looked last
     * @param now in nanoseconds, never less than before
     * @return nanoseconds, of each pool in which a chunk has no outcome
     */
    Map<String, Long> look(List<JobReport> open, List<JobReport> ended, long now) {
        Set<String> moved = new HashSet<>();
        open.stream()
                .filter(job -> job.done() > done.getOrDefault(job.job(), 0L))
                .forEach(job -> moved.add(job.spec().pool()));
        ended.stream()
                .filter(Stillness::byOutcomes)
                .forEach(job -> moved.add(job.spec().pool()));
        Set<String> owed = open.stream()
                .filter(job -> job.count().isPresent() && RemainingWork.chunksLeft(job) > 0)
                .map(job -> job.spec().pool())
                .collect(Collectors.toSet());
        done.clear();
        open.forEach(job -> done.put(job.job(), job.done()));
        since.keySet().retainAll(owed);
        since.keySet().removeAll(moved);
        owed.forEach(pool -> since.putIfAbsent(pool, now));
        return since.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, e -> now - e.getValue()));
    }

    /** Jobs that are cancelled or given up end without any. */
    private static boolean byOutcomes(JobReport job) {
        return job.completed() || job.state() == JobReport.State.FAILED;
    }
}
