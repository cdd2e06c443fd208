package io.fanfold.worker;

import io.fanfold.protocol.topics.TopicSetup;
import io.fanfold.worker.emit.Emitter;
import io.fanfold.worker.function.FunctionRegistry;
import io.fanfold.worker.intake.Intake;
import io.fanfold.worker.lane.Workshop;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running worker: computes the chunks of its pool until it is closed. One poll thread, one lane with a pool of threads per
 * assigned partition. Any thread may ask and close.
 */
public final class Worker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    private final WorkerSettings settings;
    private final Emitter emitter;
    private final Intake intake;
    private final Thread loop;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile boolean stopping;

    private Worker(WorkerSettings settings, FunctionRegistry functions, MeterRegistry meters) {
        this.settings = settings;
        this.emitter = new Emitter(settings.kafka(), settings.name(), meters, this::fatal);
        emitter.offer(settings.pool(), functions.descriptions());
        Workshop workshop = new Workshop(
                settings.name(),
                functions,
                emitter,
                settings.unknownFunctionGrace(),
                settings.kafka().maxValueBytes(),
                settings.threads(),
                meters);
        this.intake = new Intake(
                settings.kafka(),
                settings.name(),
                settings.pool(),
                workshop,
                settings.threads(),
                Runtime.getRuntime().maxMemory() / 8,
                meters);
        this.loop = Thread.ofPlatform().name("intake").daemon(false).unstarted(this::run);
    }

    /**
     * Checks the topics, says what it can compute, and starts.
     *
     * @throws io.fanfold.protocol.FanfoldException if the broker does not answer or a topic is missing or too small
     */
    public static Worker start(WorkerSettings settings, FunctionRegistry functions, MeterRegistry meters) {
        try (TopicSetup topics = new TopicSetup(settings.kafka())) {
            topics.require(Set.of(settings.pool()));
        }
        Worker worker = new Worker(settings, functions, meters);
        worker.loop.start();
        LOG.atInfo()
                .addKeyValue("worker", settings.name())
                .addKeyValue("pool", settings.pool())
                .addKeyValue("threads", settings.threads())
                .log("worker started");
        return worker;
    }

    private void run() {
        try {
            while (!stopping) {
                intake.step();
            }
            intake.drain(System.nanoTime() + settings.drain().toNanos());
        } catch (RuntimeException | Error e) {
            fatal(e);
        } finally {
            closeQuietly();
            ended.complete(null);
        }
    }

    private void closeQuietly() {
        try {
            intake.close();
        } catch (RuntimeException e) {
            LOG.warn("the consumer did not close cleanly", e);
        }
        emitter.close(failure.get() == null ? Duration.ofSeconds(5) : Duration.ZERO);
    }

    private void fatal(Throwable e) {
        if (failure.compareAndSet(null, e)) {
            LOG.error("worker stops: its work goes to its successors", e);
        }
        stopping = true;
    }

    /** Whether the poll loop turns. */
    public boolean live() {
        return loop.isAlive()
                && System.nanoTime() - intake.heartbeatNanos()
                        < Duration.ofMinutes(1).toNanos();
    }

    /** Whether the group has answered: it has lanes, or knows that there are none for it. */
    public boolean ready() {
        return live() && intake.joined();
    }

    /** How many partitions it has. */
    public int lanes() {
        return intake.lanes();
    }

    /** Why it stopped by itself, if it did. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure.get());
    }

    /** Completes when the worker has ended. */
    public CompletableFuture<Void> ended() {
        return ended.copy();
    }

    /** Drains: finishes what runs, commits, leaves the group. Returns when that is done. */
    @Override
    public void close() {
        stopping = true;
        ended.join();
    }
}
