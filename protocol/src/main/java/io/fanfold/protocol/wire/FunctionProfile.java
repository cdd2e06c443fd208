package io.fanfold.protocol.wire;

/**
 * How a function has run: what {@link Strategy#AUTO} has learned of it.
 *
 * @param cpuShare CPU time by wall time of a chunk, 0 to 1: near 0 it waits, near 1 it computes
 * @param wallMs milliseconds of a chunk, smoothed
 * @param samples how many chunks were measured
 */
public record FunctionProfile(double cpuShare, double wallMs, long samples) {
    public FunctionProfile {
        if (!(cpuShare >= 0 && cpuShare <= 1) || !(wallMs >= 0) || samples < 0) {
            throw new WireException("profile of cpuShare " + cpuShare + ", wallMs " + wallMs + ", samples " + samples
                    + " is none: a share is 0 to 1, the others not negative");
        }
    }
}
