package io.fanfold.worker.strategy;

import java.util.Optional;

/**
 * The limit for the waiting calls of one job: how many may wait at once before what they wait for is only made to queue. Pure:
 * no clock, no threads; its caller guards it.
 *
 * <p>By Little's law n calls in flight that take the time L each make a throughput of n / L. While the thing that is waited for
 * has room, L does not depend on n and throughput grows with n; once it is saturated, L grows with n and throughput no more.
 * The limit belongs at that knee.
 *
 * <p><em>Unlimited</em>, which it is at first, latencies are kept by the number in flight, in {@link Latencies}. If the many take
 * much longer than the few and get no more done, the limit becomes the fewest that get as much done.
 *
 * <p>Each change of a limit is a <em>probe</em>: a round of calls under the new one has to show that a larger limit gets more done,
 * or that a smaller one does not get less done; else the old one is back. Now and then a limit is probed in either
 * direction, so it follows what is waited for, and is lifted once it is back where it came from. Latency alone never moves it:
 * a job whose chunks take longer and longer is not throttled for it.
 */
final class Gradient {
    static final int UNLIMITED = Integer.MAX_VALUE;

    private static final double STEP = 1.5;
    private static final double MORE = 1.15;
    private static final double NOT_LESS = 0.9;
    private static final double USED = 0.6;
    private static final int ROUNDS_OF_REST = 4;
    private static final int SMALLEST_ROUND = 100;
    private static final int ROUND_PER_LIMIT = 4;

    /** A limit that still has to prove itself against the one before. */
    private record Probe(int limitBefore, double throughputBefore) {
        boolean holds(int limit, double throughput) {
            return throughput >= throughputBefore * (limit > limitBefore ? MORE : NOT_LESS);
        }
    }

    private final Latencies unlimited = new Latencies();
    private int limit = UNLIMITED;
    private int ceiling;
    private Optional<Probe> probe = Optional.empty();
    private boolean upNext;
    private int rest;
    private Mean round = Mean.NONE;

    int limit() {
        return limit;
    }

    /**
     * A call ended with an answer.
     *
     * @param inFlight calls of the job that waited when it was started, itself included
     */
    void completed(long wallNanos, int inFlight) {
        double latency = Math.max(1, wallNanos);
        if (limit == UNLIMITED) {
            unlimited.add(inFlight, latency);
            unlimited.saturation().ifPresent(this::limitFirst);
        } else if (inFlight <= limit) { // else it was started under another limit
            round = round.with(inFlight, latency);
            if (round.count() >= Math.max(SMALLEST_ROUND, (long) ROUND_PER_LIMIT * limit)) {
                judge(round);
                round = Mean.NONE;
            }
        }
    }

    private void limitFirst(Latencies.Saturation found) {
        unlimited.clear();
        ceiling = (int) Math.ceil(found.saturated().inFlight());
        upNext = false;
        move((int) found.knee().inFlight(), found.saturated().throughput());
    }

    private void judge(Mean calls) {
        if (calls.inFlight() < USED * limit) {
            return; // too few chunks to use the limit: that proves nothing
        }
        if (probe.isPresent() && !probe.get().holds(limit, calls.throughput())) {
            limit = probe.get().limitBefore();
            probe = Optional.empty();
            upNext = !upNext;
            rest = ROUNDS_OF_REST;
        } else if (probe.isPresent() || --rest <= 0) {
            step(calls.throughput());
        }
    }

    private void step(double throughput) {
        upNext = upNext || limit == 1;
        int next = (int) (upNext ? Math.ceil(limit * STEP) : limit / STEP);
        if (next < ceiling) {
            move(next, throughput);
        } else {
            limit = UNLIMITED;
            probe = Optional.empty();
        }
    }

    private void move(int to, double throughput) {
        probe = Optional.of(new Probe(limit, throughput));
        limit = Math.max(1, to);
    }
}
