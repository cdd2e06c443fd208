package io.fanfold.producer.web;

import io.fanfold.producer.client.JobReport;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * The gauges of each pool that there is: the producer's own, those that have jobs, those whose functions are offered. They go with their
 * pool, since a command may make one for itself. One thread shows, any may ask for metrics.
 */
final class PoolGauges {
    private static final List<JobReport.State> OPEN = List.of(JobReport.State.SUBMITTED, JobReport.State.RUNNING);
    private static final double NANOS = 1e9;

    private final Set<String> own;
    private final MeterRegistry meters;
    private final Map<String, List<Meter>> shown = new HashMap<>();
    private volatile Map<String, RemainingWork> work = Map.of();
    private volatile Map<String, Long> still = Map.of();

    /** @param own pools that are there whoever has jobs and functions in them */
    PoolGauges(Set<String> own, MeterRegistry meters) {
        this.own = Set.copyOf(own);
        this.meters = meters;
        show(Map.of(), Map.of(), Set.of());
    }

    /**
     * Shows how it is now.
     *
     * @param still for how many nanoseconds pools have got no outcome
     * @param offered pools in which there are functions
     */
    void show(Map<String, RemainingWork> now, Map<String, Long> still, Set<String> offered) {
        this.work = Map.copyOf(now);
        this.still = Map.copyOf(still);
        Set<String> there = new HashSet<>(own);
        there.addAll(now.keySet());
        there.addAll(offered);
        shown.entrySet().removeIf(pool -> {
            boolean gone = !there.contains(pool.getKey());
            if (gone) {
                pool.getValue().forEach(meters::remove);
            }
            return gone;
        });
        there.forEach(pool -> shown.computeIfAbsent(pool, this::gauges));
    }

    private List<Meter> gauges(String pool) {
        Tags tags = Tags.of("pool", pool);
        Stream<Meter> whatever = Stream.of(
                gauge("fanfold.pool.remaining.seconds", tags, pool, RemainingWork::seconds),
                gauge("fanfold.pool.remaining.chunks", tags, pool, RemainingWork::chunks),
                gauge("fanfold.jobs.waiting", tags, pool, RemainingWork::waiting),
                Gauge.builder("fanfold.pool.still", this, its -> its.still.getOrDefault(pool, 0L) / NANOS)
                        .baseUnit("seconds")
                        .tags(tags)
                        .register(meters));
        Stream<Meter> byState = OPEN.stream()
                .map(state ->
                        gauge("fanfold.jobs.open", tags.and("state", state.name()), pool, its -> its.jobs(state)));
        return Stream.concat(whatever, byState).toList();
    }

    private Meter gauge(String name, Tags tags, String pool, ToDoubleFunction<RemainingWork> value) {
        return Gauge.builder(name, this, its -> value.applyAsDouble(its.work.getOrDefault(pool, RemainingWork.NONE)))
                .tags(tags)
                .register(meters);
    }
}
