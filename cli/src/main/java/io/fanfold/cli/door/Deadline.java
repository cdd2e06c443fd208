package io.fanfold.cli.door;

import java.time.Duration;
import java.util.Optional;

/**
 * Until when is waited.
 *
 * @param nanos by {@link System#nanoTime}; empty: for as long as it takes
 */
record Deadline(Optional<Long> nanos) {
    static Deadline in(Optional<Duration> patience) {
        return new Deadline(patience.map(time -> System.nanoTime() + time.toNanos()));
    }

    boolean passed() {
        return nanos.filter(at -> at - System.nanoTime() <= 0).isPresent();
    }

    /** What is left of it, and no more than this. */
    Duration left(Duration most) {
        Duration left = nanos.map(at -> Duration.ofNanos(Math.max(0, at - System.nanoTime())))
                .orElse(most);
        return left.compareTo(most) < 0 ? left : most;
    }
}
