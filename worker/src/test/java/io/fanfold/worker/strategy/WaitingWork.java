package io.fanfold.worker.strategy;

import java.util.Comparator;
import java.util.PriorityQueue;

/** A simulated job: it keeps as many calls in flight as the limit and its chunks allow. Times in seconds. */
final class WaitingWork {
    /** What is waited for. */
    interface Resource {
        /** How long a call takes that starts now as the n-th in flight. */
        double latency(double now, int inFlight);
    }

    /** The smallest and the largest limit of a run. */
    record Range(int least, int most) {
        Range with(int limit) {
            return new Range(Math.min(least, limit), Math.max(most, limit));
        }
    }

    private record Flight(double started, double ends, int inFlight) {}

    private final Gradient gradient;
    private final int chunks;
    private final Resource resource;
    private final PriorityQueue<Flight> flights = new PriorityQueue<>(Comparator.comparingDouble(Flight::ends));
    private double now;

    WaitingWork(Gradient gradient, int chunks, Resource resource) {
        this.gradient = gradient;
        this.chunks = chunks;
        this.resource = resource;
    }

    double now() {
        return now;
    }

    Range run(int completions) {
        Range range = new Range(gradient.limit(), gradient.limit());
        for (int i = 0; i < completions; i++) {
            while (flights.size() < Math.min(chunks, gradient.limit())) {
                int inFlight = flights.size() + 1;
                flights.add(new Flight(now, now + resource.latency(now, inFlight), inFlight));
            }
            Flight first = flights.remove();
            now = first.ends();
            gradient.completed((long) ((first.ends() - first.started()) * 1e9), first.inFlight());
            range = range.with(gradient.limit());
        }
        return range;
    }
}
