package io.fanfold.cli.show;

import java.time.Duration;

/** A time to go, as people say it: two units at most. */
public final class TimeLeft {
    private TimeLeft() {}

    /** Such as {@code 40 s}, {@code 2 min 5 s}, {@code 3 h 20 min} or {@code 4 d 2 h}; part seconds count as whole ones. */
    public static String of(long millis) {
        Duration left = Duration.ofSeconds(Math.ceilDiv(millis, 1000));
        if (left.toDays() > 0) {
            return two(left.toDays(), "d", left.toHoursPart(), "h");
        }
        if (left.toHours() > 0) {
            return two(left.toHours(), "h", left.toMinutesPart(), "min");
        }
        return left.toMinutes() > 0 ? two(left.toMinutes(), "min", left.toSecondsPart(), "s") : left.toSeconds() + " s";
    }

    private static String two(long large, String unit, int small, String part) {
        return large + " " + unit + (small == 0 ? "" : " " + small + " " + part);
    }
}
