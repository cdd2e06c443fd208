package io.fanfold.worker.strategy;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Latencies of calls by how many were in flight when they were started, in powers of two. Calls that were started around the same
 * time are compared with one another, so it does no harm that of those the short ones end first. Pure.
 */
final class Latencies {
    private static final int FEW_CALLS = 8;
    private static final int MANY_CALLS = 32;

    /** So many times as many in flight must have been tried before a latency is blamed on them. */
    private static final double FAR_APART = 4;

    /** How much longer calls may take when they are many. */
    private static final double TOLERANCE = 2;

    /** By how much throughput must be larger to count as larger. */
    private static final double MORE = 1.2;

    /**
     * A number in flight at which no more is done than at a smaller one.
     *
     * @param knee the fewest that get as much done
     */
    record Saturation(Mean saturated, Mean knee) {}

    private final Mean[] levels = new Mean[Integer.SIZE];
    private int last;

    Latencies() {
        clear();
    }

    void add(int inFlight, double latency) {
        last = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(Math.max(1, inFlight));
        levels[last] = levels[last].with(inFlight, latency);
    }

    void clear() {
        Arrays.fill(levels, Mean.NONE);
    }

    /** Whether the level of the last call is saturated. */
    Optional<Saturation> saturation() {
        Mean many = levels[last];
        if (many.count() < MANY_CALLS || many.count() % MANY_CALLS != 0) {
            return Optional.empty();
        }
        boolean saturated = below().anyMatch(few -> few.inFlight() * FAR_APART <= many.inFlight()
                && few.latency() * TOLERANCE < many.latency()
                && many.throughput() < MORE * few.throughput());
        return saturated ? Optional.of(new Saturation(many, knee(many))) : Optional.empty();
    }

    private Mean knee(Mean many) {
        return below().filter(few -> many.throughput() < MORE * few.throughput())
                .findFirst()
                .orElse(many);
    }

    /** The levels below that of the last call of which enough is known, from the lowest. */
    private Stream<Mean> below() {
        return Arrays.stream(levels, 0, last).filter(level -> level.count() >= FEW_CALLS);
    }
}
