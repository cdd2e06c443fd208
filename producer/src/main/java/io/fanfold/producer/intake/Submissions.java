package io.fanfold.producer.intake;

import io.fanfold.producer.ProducerSettings;
import io.fanfold.producer.client.ParallelMap;
import io.fanfold.producer.dispatch.Refusals;
import io.fanfold.protocol.rights.MissingRights;
import io.fanfold.protocol.rights.Role;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the arrays that upstream writes to the submissions topic, together with all other producers of the fleet, until it is closed.
 * One thread polls; any may ask and close.
 */
public final class Submissions implements AutoCloseable {
    /** How long a submission waits for the first worker that has its function. */
    public static final Duration GRACE = Duration.ofSeconds(60);

    private static final Logger LOG = LoggerFactory.getLogger(Submissions.class);

    private final ProducerSettings settings;
    private final Desk desk;
    private final Refusals refusals;
    private final MissingRights rights;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread loop;
    private volatile @Nullable Intake intake;

    private Submissions(ProducerSettings settings, ParallelMap map, MeterRegistry meters, Duration grace) {
        this.settings = settings;
        this.refusals = new Refusals(settings.kafka(), settings.name(), meters);
        this.desk = new Desk(map, new Payloads(new Roots(settings.submissionRoots())), refusals, meters, grace);
        this.rights = new MissingRights(settings.kafka(), Role.PRODUCER, settings.pools());
        this.loop = Thread.ofPlatform().name("submissions").daemon().unstarted(this::run);
        meters.gauge("fanfold.submissions.open", this, Submissions::open);
    }

    /**
     * Starts.
     *
     * @param map accepts and writes the jobs; it is the caller's, and is closed after this
     * @param grace how long a submission waits for workers that have its function
     * @throws io.fanfold.protocol.InvalidRequestException if a directory of the settings is none
     */
    public static Submissions start(ProducerSettings settings, ParallelMap map, MeterRegistry meters, Duration grace) {
        Submissions submissions = new Submissions(settings, map, meters, grace);
        submissions.loop.start();
        return submissions;
    }

    private void run() {
        do {
            try (Intake turning = new Intake(settings.kafka(), settings.name(), settings.purgeEvery(), desk)) {
                intake = turning;
                while (!stoppedWithin(0)) {
                    turning.step();
                }
            } catch (RuntimeException e) {
                LOG.atError()
                        .setCause(MissingRights.refusal(e).isPresent() ? null : e)
                        .addKeyValue(
                                "reason",
                                rights.behind(e).map(Throwable::getMessage).orElseGet(e::toString))
                        .log("submissions cannot be read: begun again in some seconds");
            }
        } while (!stoppedWithin(5));
    }

    private boolean stoppedWithin(long seconds) {
        try {
            return stopping.await(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            return true; // nobody but the end of the process interrupts this thread
        }
    }

    /** Whether the group has answered with an assignment. */
    public boolean ready() {
        Intake turning = intake;
        return turning != null && turning.joined();
    }

    private int open() {
        Intake turning = intake;
        return turning == null ? 0 : turning.open();
    }

    /** Stops at the next chunk of what is being written, commits what is done, leaves the group: a successor goes on. */
    @Override
    public void close() {
        stopping.countDown();
        try {
            if (!loop.join(Duration.ofSeconds(20))) {
                LOG.warn("submissions did not stop in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        refusals.close();
    }
}
