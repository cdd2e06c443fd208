package io.fanfold.producer.web;

import io.fanfold.producer.client.JobReport;
import io.fanfold.producer.client.ParallelMap;
import io.fanfold.protocol.wire.FunctionOffer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What remains to be done in each pool of the fleet, as gauges: read again and again by one thread, so that nobody who asks for metrics
 * waits for a broker. Every producer of a fleet says the same. A pool that was seen once stays, with zeros.
 */
final class RemainingGauges implements AutoCloseable {
    /** How often jobs are read: well below the time between two scrapes. */
    static final Duration EVERY = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(RemainingGauges.class);
    private static final List<JobReport.State> OPEN = List.of(JobReport.State.SUBMITTED, JobReport.State.RUNNING);
    private static final double NANOS = 1e9;

    private final ParallelMap map;
    private final MeterRegistry meters;
    private final Duration every;
    private final Set<String> known = new HashSet<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread loop;
    private volatile Map<String, RemainingWork> work = Map.of();
    private volatile long readNanos = System.nanoTime();

    private RemainingGauges(ParallelMap map, Set<String> pools, MeterRegistry meters, Duration every) {
        this.map = map;
        this.meters = meters;
        this.every = every;
        pools.forEach(this::gauges);
        Gauge.builder("fanfold.jobs.read.age", this, gauges -> (System.nanoTime() - gauges.readNanos) / NANOS)
                .baseUnit("seconds")
                .register(meters);
        this.loop = Thread.ofPlatform().name("remaining").daemon().unstarted(this::run);
    }

    /**
     * Starts.
     *
     * @param map the caller's, who closes it after this
     * @param pools those that are there before anybody has a job for them
     */
    static RemainingGauges start(ParallelMap map, Set<String> pools, MeterRegistry meters, Duration every) {
        RemainingGauges gauges = new RemainingGauges(map, pools, meters, every);
        gauges.loop.start();
        return gauges;
    }

    private void run() {
        do {
            try {
                read();
            } catch (RuntimeException e) {
                if (stopping.getCount() > 0) {
                    LOG.atWarn()
                            .addKeyValue("reason", e.getMessage())
                            .log("what remains to be done cannot be read: tried again in some seconds");
                }
            }
        } while (!stopped());
    }

    private void read() {
        List<FunctionOffer> offers = map.functions().all();
        Map<String, RemainingWork> now = RemainingWork.of(map.jobs().open(), offers);
        work = now;
        readNanos = System.nanoTime();
        offers.forEach(offer -> gauges(offer.pool()));
        now.keySet().forEach(this::gauges);
    }

    private boolean stopped() {
        try {
            return stopping.await(every.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            return true; // by close
        }
    }

    private void gauges(String pool) {
        if (!known.add(pool)) {
            return;
        }
        Tags tags = Tags.of("pool", pool);
        gauge("fanfold.pool.remaining.seconds", tags, pool, RemainingWork::seconds);
        gauge("fanfold.pool.remaining.chunks", tags, pool, RemainingWork::chunks);
        gauge("fanfold.jobs.waiting", tags, pool, RemainingWork::waiting);
        for (JobReport.State state : OPEN) {
            gauge("fanfold.jobs.open", tags.and("state", state.name()), pool, its -> its.jobs(state));
        }
    }

    private void gauge(String name, Tags tags, String pool, ToDoubleFunction<RemainingWork> value) {
        Gauge.builder(name, this, gauges -> value.applyAsDouble(gauges.work.getOrDefault(pool, RemainingWork.NONE)))
                .tags(tags)
                .register(meters);
    }

    @Override
    public void close() {
        stopping.countDown();
        loop.interrupt();
        try {
            if (!loop.join(Duration.ofSeconds(10))) {
                LOG.warn("the reader of what remains did not stop in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
