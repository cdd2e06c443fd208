package io.fanfold.protocol.wire;

import java.util.OptionalDouble;

/**
 * How a function has run: what {@link Strategy#AUTO} has learned of it, and what chunks are sized by.
 *
 * @param cpuShare CPU time by wall time of a chunk, 0 to 1: near 0 it waits, near 1 it computes
 * @param wallMs milliseconds of a chunk, smoothed
 * @param samples how many chunks were measured
 * @param nanosPerByte wall nanoseconds of an attempt that each byte of a chunk's array adds, smoothed; empty where it is not known
 */
public record FunctionProfile(double cpuShare, double wallMs, long samples, OptionalDouble nanosPerByte) {
    public FunctionProfile {
        if (!(cpuShare >= 0 && cpuShare <= 1) || !(wallMs >= 0) || samples < 0 || !plausible(nanosPerByte)) {
            throw new WireException("profile of cpuShare " + cpuShare + ", wallMs " + wallMs + ", samples " + samples
                    + ", nanosPerByte " + nanosPerByte + " is none: a share is 0 to 1, the others not negative");
        }
    }

    /** Where it is not known what a byte costs. */
    public FunctionProfile(double cpuShare, double wallMs, long samples) {
        this(cpuShare, wallMs, samples, OptionalDouble.empty());
    }

    private static boolean plausible(OptionalDouble cost) {
        return cost.isEmpty() || (cost.getAsDouble() >= 0 && Double.isFinite(cost.getAsDouble()));
    }
}
