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
 * more than {@link #TOLERANCE} times as long as the few and get no more done, the limit becomes the fewest that get as much done.
 *
 * <p><em>Limited</em>, each round of calls is compared with the latency without queueing. Below 1.5 times that, the limit grows by
 * a quarter, and is lifted once it is back where it came from; above {@link #TOLERANCE} times, it is reduced.
 *
 * <p>Each reduction is an experiment: if throughput falls with the limit, calls had not queued but become longer, so the
 * limit is restored and their latency becomes the new measure. A job whose chunks take longer and longer is not throttled for it.
 */
final class Gradient {
    static final int UNLIMITED = Integer.MAX_VALUE;

    /** How much longer calls may take than without queueing. */
    static final double TOLERANCE = 2;

    private static final double ROOM = 1.5;
    private static final double GROWTH = 1.25;
    private static final double FALLEN = 0.7;
    private static final int SMALLEST_ROUND = 16;

    /** A reduction that is not yet confirmed. */
    private record Experiment(int limitBefore, double throughputBefore) {}

    private final Latencies unlimited = new Latencies();
    private int limit = UNLIMITED;
    private int ceiling;
    private double base;
    private Optional<Experiment> experiment = Optional.empty();
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
            if (round.count() >= Math.max(SMALLEST_ROUND, limit)) {
                judge(round);
                round = Mean.NONE;
            }
        }
    }

    private void limitFirst(Latencies.Saturation s) {
        ceiling = (int) Math.ceil(s.saturated().inFlight());
        base = s.base();
        reduce((int) Math.round(s.knee().inFlight()), s.saturated().throughput());
        unlimited.clear();
    }

    private void judge(Mean calls) {
        if (experiment.isPresent()
                && calls.throughput() < FALLEN * experiment.get().throughputBefore()) {
            restore(experiment.get().limitBefore(), calls.latency());
            return;
        }
        experiment = Optional.empty();
        base = Math.min(base, calls.latency());
        double gradient = calls.latency() / base;
        if (gradient > TOLERANCE) {
            reduce((int) (limit * Math.max(0.5, TOLERANCE / gradient)), calls.throughput());
        } else if (gradient <= ROOM && calls.inFlight() > limit / 2.0) { // fewer would prove nothing
            grow();
        }
    }

    private void reduce(int to, double throughput) {
        experiment = Optional.of(new Experiment(limit, throughput));
        limit = Math.max(1, to);
    }

    private void restore(int before, double latency) {
        experiment = Optional.empty();
        limit = before;
        base = latency;
    }

    private void grow() {
        limit = (int) (limit * GROWTH) + 1;
        if (limit >= ceiling) {
            limit = UNLIMITED;
        }
    }
}
