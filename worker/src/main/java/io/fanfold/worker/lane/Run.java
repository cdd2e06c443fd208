package io.fanfold.worker.lane;

/**
 * Offsets from {@code from} to before {@code to}.
 *
 * @param to above {@code from}
 */
public record Run(long from, long to) {
    public Run {
        if (from < 0 || to <= from) {
            throw new IllegalArgumentException("a run from " + from + " to " + to + " has no offsets");
        }
    }

    long length() {
        return to - from;
    }
}
