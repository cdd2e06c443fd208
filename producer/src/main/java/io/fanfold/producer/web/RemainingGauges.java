package io.fanfold.producer.web;

import io.fanfold.producer.client.JobReport;
import io.fanfold.producer.client.ParallelMap;
import io.fanfold.protocol.wire.FunctionOffer;
import io.fanfold.protocol.wire.JobId;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What remains to be done in each pool of the fleet, as gauges: read again and again by one thread, so that nobody who asks for metrics
 * waits for a broker. Every producer of a fleet says the same.
 */
final class RemainingGauges implements AutoCloseable {
    /** How often jobs are read: well below the time between two scrapes. */
    static final Duration EVERY = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(RemainingGauges.class);
    private static final double NANOS = 1e9;

    private final ParallelMap map;
    private final Duration every;
    private final PoolGauges gauges;
    private final Stillness stillness = new Stillness();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread loop;
    private volatile long readNanos = System.nanoTime();

    private RemainingGauges(ParallelMap map, Set<String> pools, MeterRegistry meters, Duration every) {
        this.map = map;
        this.every = every;
        this.gauges = new PoolGauges(pools, meters);
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
        List<JobReport> open = map.jobs().open();
        long now = System.nanoTime();
        Map<String, Long> still = stillness.look(open, ended(open), now);
        Set<String> offered = offers.stream().map(FunctionOffer::pool).collect(Collectors.toSet());
        gauges.show(RemainingWork.of(open, offers, Instant.now()), still, offered);
        readNanos = now;
    }

    /** The jobs that have ended since the last reading. */
    private List<JobReport> ended(List<JobReport> open) {
        Set<JobId> before = new HashSet<>(stillness.open());
        open.forEach(job -> before.remove(job.job()));
        return before.isEmpty() ? List.of() : map.jobs().find(before);
    }

    private boolean stopped() {
        try {
            return stopping.await(every.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            return true; // by close
        }
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
