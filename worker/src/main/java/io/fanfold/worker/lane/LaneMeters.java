package io.fanfold.worker.lane;

import io.fanfold.worker.strategy.Ending;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** What a lane says of itself in metrics. Gauges go when the lane goes; counters stay. Any thread. */
final class LaneMeters {
    private static final String POISON = "fanfold.chunks.poison";
    private static final String CANCELLED = "fanfold.chunks.cancelled";
    private static final String DONE_BEFORE = "fanfold.chunks.done.before";
    private static final String FAILED = "fanfold.chunks.failed";
    private static final String RETRIED = "fanfold.chunks.retried";
    private static final String QUARANTINED = "fanfold.chunks.quarantined";

    private final MeterRegistry registry;
    private final String partition;
    private final List<Meter> gauges = new ArrayList<>();
    private final Timer wait;
    private final Map<String, Ran> ran = new ConcurrentHashMap<>();

    /** What is counted of every chunk of one function: found once, since finding takes longer than counting. */
    private record Ran(Counter computed, Timer wall, Timer cpu, Counter bytesIn, Counter bytesOut) {}

    LaneMeters(MeterRegistry registry, int partition, Lane lane) {
        this.registry = registry;
        this.partition = Integer.toString(partition);
        this.wait = registry.timer("fanfold.chunk.wait", "partition", this.partition);
        List.of(POISON, CANCELLED, DONE_BEFORE).forEach(name -> counter(name, Tags.empty()));
        gauge("fanfold.lane.waiting", lane, Lane::waiting, "chunks that wait to be started");
        gauge("fanfold.lane.running", lane, Lane::running, "chunks in flight");
        gauge("fanfold.lane.held.bytes", lane, Lane::heldBytes, "bytes of chunks that are held");
        gauge(
                "fanfold.lane.ledger.width",
                lane,
                Lane::width,
                "offsets from the lowest not done to the highest taken in");
        gauge("fanfold.lane.pool.size", lane, Lane::poolSize, "chunks that it may compute at once on threads");
    }

    private void gauge(String name, Lane lane, ToDoubleFunction<Lane> value, String about) {
        gauges.add(Gauge.builder(name, lane, value)
                .tags("partition", partition)
                .description(about)
                .register(registry));
    }

    private void count(String name, Tags tags) {
        counter(name, tags).increment();
    }

    private Counter counter(String name, Tags tags) {
        return registry.counter(name, tags.and("partition", partition));
    }

    private static String name(Chunk chunk) {
        return chunk.job().function().isPresent()
                ? chunk.job().header().function().toString()
                : "unknown";
    }

    private static Tags function(Chunk chunk) {
        return Tags.of("function", name(chunk));
    }

    private Ran ran(Chunk chunk) {
        return ran.computeIfAbsent(name(chunk), function -> {
            Tags tags = Tags.of("function", function);
            List.of(FAILED, RETRIED, QUARANTINED).forEach(name -> counter(name, tags));
            return new Ran(
                    counter("fanfold.chunks.computed", tags),
                    registry.timer("fanfold.chunk.wall", tags),
                    registry.timer("fanfold.chunk.cpu", tags),
                    registry.counter("fanfold.chunks.bytes", tags.and("direction", "in")),
                    registry.counter("fanfold.chunks.bytes", tags.and("direction", "out")));
        });
    }

    void doneBefore() {
        count(DONE_BEFORE, Tags.empty());
    }

    void poison() {
        count(POISON, Tags.empty());
    }

    void cancelled() {
        count(CANCELLED, Tags.empty());
    }

    void retried(Chunk chunk) {
        count(RETRIED, function(chunk));
    }

    void failed(Chunk chunk, String error) {
        count(FAILED, function(chunk));
        if (error.equals(Verdict.CRASHED)) {
            count(QUARANTINED, function(chunk));
        }
    }

    void started(Chunk chunk) {
        wait.record(chunk.waitedNanos(), TimeUnit.NANOSECONDS);
        ran(chunk).bytesIn().increment(chunk.npy().map(npy -> npy.length).orElse(0));
    }

    void ended(Chunk chunk, Ending ending) {
        if (ending instanceof Ending.Answered answered) {
            Ran its = ran(chunk);
            its.computed().increment();
            its.wall().record(answered.wallNanos(), TimeUnit.NANOSECONDS);
            answered.cpuNanos().ifPresent(cpu -> its.cpu().record(cpu, TimeUnit.NANOSECONDS));
            its.bytesOut().increment(answered.npy().length);
        }
    }

    void close() {
        gauges.forEach(registry::remove);
    }
}
