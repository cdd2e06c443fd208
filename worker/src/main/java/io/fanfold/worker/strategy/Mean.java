package io.fanfold.worker.strategy;

/**
 * Calls taken together.
 *
 * @param count how many
 * @param inFlight the mean number in flight when they were started
 * @param latency their mean, nanoseconds
 */
record Mean(long count, double inFlight, double latency) {
    static final Mean NONE = new Mean(0, 0, 0);

    /** Of this many calls on, older ones are forgotten little by little. */
    private static final int MEMORY = 256;

    Mean with(double moreInFlight, double moreLatency) {
        double weight = Math.max(1.0 / (count + 1), 1.0 / MEMORY);
        return new Mean(
                count + 1, inFlight + weight * (moreInFlight - inFlight), latency + weight * (moreLatency - latency));
    }

    /** Calls per nanosecond, by Little's law. */
    double throughput() {
        return inFlight / latency;
    }
}
