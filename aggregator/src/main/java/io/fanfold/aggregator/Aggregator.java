package io.fanfold.aggregator;

import io.fanfold.aggregator.catalog.Catalog;
import io.fanfold.aggregator.catalog.Jobs;
import io.fanfold.aggregator.intake.Intake;
import io.fanfold.aggregator.store.Publisher;
import io.fanfold.aggregator.store.Results;
import io.fanfold.aggregator.store.Spools;
import io.fanfold.protocol.rights.MissingRights;
import io.fanfold.protocol.rights.Role;
import io.fanfold.protocol.topics.TopicSetup;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.KafkaSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running aggregator: puts outcomes together until it is closed. One thread. Any thread may ask and close. */
public final class Aggregator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Aggregator.class);
    /** How long what is being done may go on after {@link #close}: a broker that is gone for good would be waited for in vain. */
    private static final Duration LAST_STEP = Duration.ofSeconds(20);

    private final KafkaSettings kafka;
    private final Results results;
    private final Spools spools;
    private final Jobs jobs;
    private final Catalog catalog;
    private final Intake intake;
    private final Thread loop;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final CompletableFuture<Void> stepped = new CompletableFuture<>();
    private final AtomicBoolean cutShort = new AtomicBoolean();
    private volatile boolean stopping;

    private Aggregator(AggregatorSettings settings, MeterRegistry meters) {
        this.kafka = settings.kafka();
        this.results = settings.store().open();
        this.spools = new Spools(settings.spool(), settings.name(), settings.moments());
        this.jobs = new Jobs(settings.kafka(), settings.name());
        this.catalog = new Catalog(settings.kafka(), settings.name(), jobs, meters);
        Publisher publisher = new Publisher(spools, results, settings.name(), settings.httpBase(), settings.moments());
        this.intake = new Intake(
                settings.kafka(),
                settings.name(),
                new Intake.Parts(
                        jobs, catalog, spools, publisher, settings.folds(), settings.policy(), settings.moments()),
                meters);
        this.loop = Thread.ofPlatform().name("aggregator").daemon(false).unstarted(this::run);
    }

    /**
     * Checks the topics and the store, and starts.
     *
     * @throws io.fanfold.protocol.FanfoldException if the broker does not answer, a topic is missing or too small, or the store
     *     cannot be written
     */
    public static Aggregator start(AggregatorSettings settings, MeterRegistry meters) {
        try (TopicSetup topics = new TopicSetup(settings.kafka())) {
            rights(settings.kafka()).require(settings.policy().purgeEvery().isPresent());
            topics.require(Role.AGGREGATOR, Set.of());
        }
        Aggregator aggregator = new Aggregator(settings, meters);
        aggregator.loop.start();
        LOG.atInfo()
                .addKeyValue("aggregator", settings.name())
                .addKeyValue("store", settings.store())
                .log("aggregator started");
        return aggregator;
    }

    private static MissingRights rights(KafkaSettings kafka) {
        return new MissingRights(kafka, Role.AGGREGATOR, Set.of());
    }

    private void run() {
        try {
            while (!stopping) {
                intake.step();
            }
        } catch (RuntimeException | Error e) {
            if (e instanceof RuntimeException && cutShort.get()) {
                LOG.warn(
                        "aggregator ends in the middle of its work, which goes to its successor: no broker answers", e);
            } else {
                failed(e);
            }
        } finally {
            lastStepDone();
            closeQuietly(intake);
            closeQuietly(catalog);
            closeQuietly(jobs);
            closeQuietly(spools);
            closeQuietly(results);
            ended.complete(null);
        }
    }

    private void failed(Throwable e) {
        failure.set(e);
        LOG.error("aggregator stops: its work goes to its successor", e);
        rights(kafka).behind(e).ifPresent(why -> LOG.error(why.getMessage()));
    }

    /** From here on nobody interrupts the loop: what it closes waits for some seconds at most. */
    private void lastStepDone() {
        synchronized (stepped) {
            stepped.complete(null);
            boolean _ = Thread.interrupted();
        }
    }

    private void cutLastStepShort() {
        synchronized (stepped) {
            if (!stepped.isDone()) {
                cutShort.set(true);
                loop.interrupt();
            }
        }
    }

    private static void closeQuietly(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            LOG.warn("a part did not close cleanly", e);
        }
    }

    /** Whether the loop turns; a broker that is away may hold it for some minutes. */
    public boolean live() {
        return loop.isAlive()
                && System.nanoTime() - intake.heartbeatNanos()
                        < Duration.ofMinutes(5).toNanos();
    }

    /** Whether the group has answered with an assignment. */
    public boolean ready() {
        return live() && intake.joined();
    }

    /**
     * How many results of its partitions are in a store that it does not see: it cannot serve nor rebuild them, and more than one
     * aggregator needs a store that all share.
     */
    public int resultsElsewhere() {
        return intake.resultsElsewhere();
    }

    /** Where whole results are kept. */
    public Results results() {
        return results;
    }

    /** Where the result of a job is, or will be once the job is COMPLETED. */
    public URI result(JobId job) {
        return results.uri(Publisher.result(job));
    }

    /** Why it stopped by itself, if it did. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure.get());
    }

    /** Completes when the aggregator has ended. */
    public CompletableFuture<Void> ended() {
        return ended.copy();
    }

    /**
     * Commits what is safe, leaves the group. Returns when that is done, at the latest half a minute or so after a step that waits for a
     * broker was cut short.
     */
    @Override
    public void close() {
        stopping = true;
        boolean done = stepped.copy()
                .thenApply(_ -> true)
                .completeOnTimeout(false, LAST_STEP.toSeconds(), TimeUnit.SECONDS)
                .join();
        if (!done) {
            cutLastStepShort();
        }
        ended.join();
    }
}
