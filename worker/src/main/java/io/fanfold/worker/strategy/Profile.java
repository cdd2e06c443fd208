package io.fanfold.worker.strategy;

import io.fanfold.protocol.wire.FunctionProfile;
import java.util.OptionalDouble;

/**
 * What is known of one function, and what follows from it. Immutable.
 *
 * <p>Threads are as many as cores, so a function that computes for the share s of its time leaves {@code 1 - s} of them idle,
 * and calls that wait together gain a factor of {@code 1 / s}. Below a share of 0.4 that is worth the memory and the load on
 * what is waited for; above 0.6 it is not. In between a function stays what it was, so that one that does both by halves does
 * not go to and fro.
 *
 * <p>A call shorter than a millisecond counts as work whatever the clocks say: they are too coarse for it, and threads run it
 * well in any case.
 *
 * @param cpuShare smoothed, 0 to 1
 * @param wallMs smoothed milliseconds of a call
 * @param samples how many calls were measured to their end
 */
record Profile(double cpuShare, double wallMs, long samples, Nature nature) {
    /** What a function does with its time. */
    enum Nature {
        UNKNOWN,
        WAITS,
        COMPUTES
    }

    static final Profile NONE = new Profile(0, 0, 0, Nature.UNKNOWN);

    static final double SMOOTHING = 0.2;
    private static final int ENOUGH_SAMPLES = 4;
    private static final double CLEAR_MS = 5;
    private static final double CLEARLY_WAITS = 0.1;
    private static final double CLEARLY_COMPUTES = 0.9;

    /** What another worker, or this one before its restart, has learned. */
    static Profile of(FunctionProfile known) {
        return known.samples() == 0
                ? NONE
                : new Profile(
                        known.cpuShare(),
                        known.wallMs(),
                        known.samples(),
                        decided(Nature.UNKNOWN, known.cpuShare(), known.wallMs()));
    }

    /** This, for others to start from, beside what a byte costs. */
    FunctionProfile wire(OptionalDouble nanosPerByte) {
        return new FunctionProfile(cpuShare, wallMs, samples, nanosPerByte);
    }

    /** With one more call, measured from its start to its end. */
    Profile with(long wallNanos, long cpuNanos) {
        double share = share(wallNanos, cpuNanos);
        double ms = wallNanos / 1e6;
        double weight = Math.max(1.0 / (samples + 1), SMOOTHING);
        double newShare = cpuShare + weight * (share - cpuShare);
        double newMs = wallMs + weight * (ms - wallMs);
        boolean enough = nature != Nature.UNKNOWN || samples + 1 >= ENOUGH_SAMPLES || clear(share, ms);
        return new Profile(newShare, newMs, samples + 1, enough ? decided(nature, newShare, newMs) : Nature.UNKNOWN);
    }

    /**
     * With a look at a stretch of a call that is not over. It counts only while nothing else is known and the call clearly waits: it may still
     * compute later, and samples will tell.
     */
    Profile glimpsed(long wallNanos, long cpuNanos) {
        double share = share(wallNanos, cpuNanos);
        double ms = wallNanos / 1e6;
        boolean waits = nature == Nature.UNKNOWN && ms >= CLEAR_MS && share < CLEARLY_WAITS;
        return waits ? new Profile(share, ms, samples, Nature.WAITS) : this;
    }

    private static double share(long wallNanos, long cpuNanos) {
        return Math.clamp((double) cpuNanos / Math.max(1, wallNanos), 0.0, 1.0);
    }

    private static boolean clear(double share, double ms) {
        return ms >= CLEAR_MS && (share < CLEARLY_WAITS || share > CLEARLY_COMPUTES);
    }

    private static Nature decided(Nature former, double share, double ms) {
        boolean waits = switch (former) {
            case UNKNOWN -> share < 0.5 && ms >= 1;
            case WAITS -> share <= 0.6 && ms >= 0.5;
            case COMPUTES -> share < 0.4 && ms >= 1;
        };
        return waits ? Nature.WAITS : Nature.COMPUTES;
    }
}
