package io.fanfold.worker.strategy;

import java.util.PriorityQueue;
import java.util.function.DoubleSupplier;

/** Servers that take calls in the order in which they came, one each at a time. */
final class Queue implements WaitingWork.Resource {
    private final PriorityQueue<Double> freeAt = new PriorityQueue<>();
    private final DoubleSupplier service;

    Queue(int servers, DoubleSupplier service) {
        this.service = service;
        for (int i = 0; i < servers; i++) {
            freeAt.add(0.0);
        }
    }

    @Override
    public double latency(double now, int inFlight) {
        double end = Math.max(now, freeAt.remove()) + service.getAsDouble();
        freeAt.add(end);
        return end - now;
    }
}
