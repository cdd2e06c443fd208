package io.fanfold.worker.lane;

import io.fanfold.worker.strategy.Ending;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** What a lane says of itself in metrics. Gauges go when the lane goes; counters stay. Any thread. */
final class LaneMeters {
    private final MeterRegistry registry;
    private final String partition;
    private final List<Meter> gauges = new ArrayList<>();

    LaneMeters(MeterRegistry registry, int partition, Lane lane) {
        this.registry = registry;
        this.partition = Integer.toString(partition);
        gauge("fanfold.lane.waiting", lane, Lane::waiting, "chunks that wait to be started");
        gauge("fanfold.lane.running", lane, Lane::running, "chunks in flight");
        gauge("fanfold.lane.held.bytes", lane, Lane::heldBytes, "bytes of chunks that are held");
        gauge(
                "fanfold.lane.ledger.width",
                lane,
                Lane::width,
                "offsets from the lowest not done to the highest taken in");
        gauge("fanfold.lane.pool.size", lane, Lane::poolSize, "chunks that it may compute at once");
    }

    private void gauge(String name, Lane lane, ToDoubleFunction<Lane> value, String about) {
        gauges.add(Gauge.builder(name, lane, value)
                .tags("partition", partition)
                .description(about)
                .register(registry));
    }

    private void count(String name, Tags tags) {
        registry.counter(name, tags.and("partition", partition)).increment();
    }

    private static Tags function(Chunk chunk) {
        boolean known = chunk.job().function().isPresent();
        return Tags.of("function", known ? chunk.job().header().function().toString() : "unknown");
    }

    void doneBefore() {
        count("fanfold.chunks.done.before", Tags.empty());
    }

    void poison() {
        count("fanfold.chunks.poison", Tags.empty());
    }

    void cancelled() {
        count("fanfold.chunks.cancelled", Tags.empty());
    }

    void retried(Chunk chunk) {
        count("fanfold.chunks.retried", function(chunk));
    }

    void failed(Chunk chunk, String error) {
        count("fanfold.chunks.failed", function(chunk));
        if (error.equals(Verdict.CRASHED)) {
            count("fanfold.chunks.quarantined", function(chunk));
        }
    }

    void started(Chunk chunk) {
        registry.timer("fanfold.chunk.wait", "partition", partition).record(chunk.waitedNanos(), TimeUnit.NANOSECONDS);
        registry.counter("fanfold.chunks.bytes", function(chunk).and("direction", "in"))
                .increment(chunk.npy().map(npy -> npy.length).orElse(0));
    }

    void ended(Chunk chunk, Ending ending) {
        if (ending instanceof Ending.Answered answered) {
            Tags function = function(chunk);
            count("fanfold.chunks.computed", function);
            registry.timer("fanfold.chunk.wall", function).record(answered.wallNanos(), TimeUnit.NANOSECONDS);
            answered.cpuNanos()
                    .ifPresent(
                            cpu -> registry.timer("fanfold.chunk.cpu", function).record(cpu, TimeUnit.NANOSECONDS));
            registry.counter("fanfold.chunks.bytes", function.and("direction", "out"))
                    .increment(answered.npy().length);
        }
    }

    void close() {
        gauges.forEach(registry::remove);
    }
}
