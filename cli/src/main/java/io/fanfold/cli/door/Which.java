package io.fanfold.cli.door;

import io.fanfold.producer.client.JobReport;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which jobs are asked for.
 *
 * @param key that of one alone
 * @param states those in one of these; empty: in any
 * @param most so many, the newest ones
 */
public record Which(Optional<String> key, Set<JobReport.State> states, int most) {
    public Which {
        states = Set.copyOf(states);
    }

    /** All jobs. */
    public static Which all() {
        return new Which(Optional.empty(), Set.of(), Integer.MAX_VALUE);
    }

    /** The one job that holds a key. */
    static Which of(String key) {
        return new Which(Optional.of(key), Set.of(), 1);
    }

    /**
     * Those of these jobs.
     *
     * @param jobs the oldest first
     */
    List<JobView> of(List<JobView> jobs) {
        List<JobView> fit = jobs.stream()
                .filter(job -> states.isEmpty() || states.contains(job.state()))
                .toList();
        return fit.subList(Math.max(0, fit.size() - most), fit.size());
    }
}
