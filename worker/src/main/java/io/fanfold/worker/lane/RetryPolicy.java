package io.fanfold.worker.lane;

import java.time.Duration;
import java.util.Set;

/**
 * How often a chunk is tried, and how long to wait between. Pure.
 *
 * @param maxAttempts after how many attempts that raised an error or ran too long a chunk fails, at least 1
 * @param maxCrashes after how many processes that it alone killed a chunk fails, at least 1
 * @param first the wait after the first attempt; it doubles with each further one
 * @param longest the longest wait
 * @param lasting names of exception types for which another attempt is of no use, whole or without their package
 */
public record RetryPolicy(int maxAttempts, int maxCrashes, Duration first, Duration longest, Set<String> lasting) {
    public static final RetryPolicy DEFAULT =
            new RetryPolicy(3, 3, Duration.ofMillis(200), Duration.ofSeconds(30), Set.of());

    public RetryPolicy {
        lasting = Set.copyOf(lasting);
        if (maxAttempts < 1 || maxCrashes < 1) {
            throw new IllegalArgumentException("a chunk is tried at least once: max attempts is " + maxAttempts
                    + ", max crashes is " + maxCrashes);
        }
    }

    /** Whether an error of this type is not worth another attempt. */
    boolean lasts(String error) {
        return lasting.contains(error) || lasting.contains(error.substring(error.lastIndexOf('.') + 1));
    }

    /**
     * The wait before the next attempt.
     *
     * @param tried how often it was tried, at least 1
     * @param jitter 0 to 1: chunks that failed together do not come back together
     */
    Duration backOff(int tried, double jitter) {
        double doubled = first.toMillis() * Math.pow(2, Math.min(30, tried - 1));
        double longestMs = longest.toMillis();
        return Duration.ofMillis((long) (Math.min(doubled, longestMs) * (0.5 + jitter / 2)));
    }
}
