package io.fanfold.worker.intake;

import io.fanfold.protocol.intake.LogFollower;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Records;
import io.fanfold.protocol.wire.WireException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs that were asked to end, or have ended without a result: nobody waits for their chunks. Follows the control topic from its
 * beginning on a thread of its own, for as long as it takes, broker or no broker. Any thread may ask.
 */
public final class CancelledJobs implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CancelledJobs.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int KEPT = 100_000;

    private final KafkaSettings kafka;
    private final String clientId;
    private final Consumer<JobId> listener;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread loop;

    private final Map<JobId, Boolean> jobs = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<JobId, Boolean> leastRecent) {
            return size() > KEPT;
        }
    };

    /**
     * Begins to listen.
     *
     * @param listener told once of each job, on the listening thread; it must not wait
     */
    public CancelledJobs(KafkaSettings kafka, String worker, Consumer<JobId> listener) {
        this.kafka = kafka;
        this.clientId = worker + "-control";
        this.listener = listener;
        this.loop = Thread.ofPlatform().name("control").daemon().start(this::run);
    }

    /** Whether a job was asked to end, as far as is known here. */
    public boolean contains(JobId job) {
        synchronized (jobs) {
            return jobs.get(job) != null; // a job that is asked about is kept longer
        }
    }

    private void run() {
        do {
            try {
                follow();
            } catch (RuntimeException e) {
                LOG.atWarn()
                        .addKeyValue("reason", e.toString())
                        .log("requests to cancel cannot be read: begun again in a second");
            }
        } while (!stoppedWithin(1000));
    }

    private void follow() {
        try (LogFollower control =
                new LogFollower(kafka, clientId, kafka.topics().control(), this::read)) {
            while (!stoppedWithin(0)) {
                control.poll(POLL);
            }
        }
    }

    private boolean stoppedWithin(long ms) {
        try {
            return stopping.await(ms, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true; // nobody but the end of the process interrupts this thread
        }
    }

    private void read(ConsumerRecord<byte[], byte[]> record) {
        try {
            Records.cancel(record).ifPresent(request -> heard(request.job()));
        } catch (WireException e) {
            LOG.atWarn()
                    .addKeyValue("offset", record.offset())
                    .addKeyValue("reason", e.getMessage())
                    .log("control record passed over");
        }
    }

    private void heard(JobId job) {
        boolean news;
        synchronized (jobs) {
            news = jobs.put(job, true) == null;
        }
        if (news) {
            listener.accept(job);
        }
    }

    /** Stops listening; waits a few seconds at most. */
    @Override
    public void close() {
        stopping.countDown();
        try {
            if (!loop.join(Duration.ofSeconds(5))) {
                LOG.debug("the control thread is left to end by itself");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
