package io.fanfold.worker.lane;

/**
 * How often a chunk has been tried in vain.
 *
 * @param attempts how often its function raised an error or ran too long
 * @param crashes how often it alone killed the process that ran it
 */
public record Tries(int attempts, int crashes) {
    static final Tries NONE = new Tries(0, 0);

    public Tries {
        if (attempts < 0 || crashes < 0) {
            throw new IllegalArgumentException(attempts + " attempts and " + crashes + " crashes: neither is negative");
        }
    }

    Tries attempted() {
        return new Tries(attempts + 1, crashes);
    }

    Tries crashed() {
        return new Tries(attempts, crashes + 1);
    }

    /** The number of the attempt that comes next, from 1. */
    int next() {
        return attempts + crashes + 1;
    }
}
