package io.fanfold.worker;

import io.fanfold.protocol.rights.MissingRights;
import io.fanfold.protocol.rights.Role;
import io.fanfold.protocol.topics.TopicSetup;
import io.fanfold.worker.emit.Emitter;
import io.fanfold.worker.function.FunctionRegistry;
import io.fanfold.worker.intake.CancelledJobs;
import io.fanfold.worker.intake.Intake;
import io.fanfold.worker.intake.IntakeSettings;
import io.fanfold.worker.intake.Profiles;
import io.fanfold.worker.lane.BrokerClock;
import io.fanfold.worker.lane.Lanes;
import io.fanfold.worker.lane.Workshop;
import io.fanfold.worker.lane.WorkshopSettings;
import io.fanfold.worker.process.ChildSettings;
import io.fanfold.worker.process.Children;
import io.fanfold.worker.strategy.Attempts;
import io.fanfold.worker.strategy.Auto;
import io.fanfold.worker.strategy.WorkerClock;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
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
    /** What of the heap the chunks may take that are held; as much again is on its way in and out. */
    private static final int HEAP_SHARE = 8;

    private static final Duration CHILD_START = Duration.ofSeconds(60);
    /** What a broker takes as a commit's metadata unless it is told otherwise (offset.metadata.max.bytes). */
    private static final int METADATA_BYTES = 4096;

    /** What remains to others where a chunk has ended this JVM: it waits for the drain, so the drain must not wait for it. */
    private static final Duration EXIT = Duration.ofSeconds(1);

    private final WorkerSettings settings;
    private final Lanes lanes = new Lanes();
    private final Emitter emitter;
    private final ScheduledExecutorService clock;
    private final CancelledJobs cancelled;
    private final Children children;
    private final Workshop workshop;
    private final Intake intake;
    private final Thread loop;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile boolean stopping;

    private Worker(WorkerSettings settings, FunctionRegistry functions, MeterRegistry meters) {
        this.settings = settings;
        WorkerSettings.Pools pools = settings.pools();
        BrokerClock brokerClock = new BrokerClock();
        this.emitter = new Emitter(
                settings.kafka(),
                settings.name(),
                timestamp -> brokerClock.observe(timestamp, Workshop.localMs()),
                meters,
                this::fatal);
        Profiles known = Profiles.read(settings.kafka(), settings.name(), settings.pool());
        functions.descriptions().forEach(f -> emitter.offer(settings.pool(), f, known.of(f.id())));
        emitter.flush();
        this.clock = WorkerClock.start();
        Auto auto = new Auto(
                known.all(),
                clock,
                meters,
                (id, profile) -> functions
                        .find(id)
                        .ifPresent(f -> emitter.offer(settings.pool(), f.description(), Optional.of(profile))),
                lanes::pump);
        this.children = new Children(
                new ChildSettings(
                        pools.processes(),
                        pools.recycleAfter(),
                        pools.childJvm(),
                        CHILD_START,
                        settings.kafka().maxValueBytes()),
                meters);
        this.cancelled = new CancelledJobs(settings.kafka(), settings.name(), lanes::cancel);
        this.workshop = new Workshop(
                workshopSettings(settings),
                functions,
                emitter,
                auto,
                children,
                clock,
                cancelled::contains,
                brokerClock,
                meters);
        this.intake = new Intake(
                settings.kafka(),
                new IntakeSettings(
                        settings.name(),
                        settings.pool(),
                        pools.threads(),
                        pools.processes(),
                        Runtime.getRuntime().maxMemory() / HEAP_SHARE,
                        settings.purgeEvery()),
                lanes,
                workshop,
                meters);
        this.loop = Thread.ofPlatform().name("intake").daemon(false).unstarted(this::run);
    }

    private static WorkshopSettings workshopSettings(WorkerSettings settings) {
        return new WorkshopSettings(
                settings.name(),
                settings.pool(),
                settings.patience().unknownFunctionGrace(),
                settings.patience().chunkTimeout(),
                settings.retries(),
                settings.kafka().maxValueBytes(),
                METADATA_BYTES,
                !settings.pools().childJvm().isEmpty(),
                settings.keepCompletions());
    }

    /**
     * Checks the topics, says what it can compute, and starts.
     *
     * @throws io.fanfold.protocol.FanfoldException if the broker does not answer or a topic is missing or too small
     */
    public static Worker start(WorkerSettings settings, FunctionRegistry functions, MeterRegistry meters) {
        try (TopicSetup topics = new TopicSetup(settings.kafka())) {
            rights(settings).require(settings.purgeEvery().isPresent());
            topics.require(Role.WORKER, Set.of(settings.pool()));
        }
        Worker worker = new Worker(settings, functions, meters);
        worker.loop.start();
        LOG.atInfo()
                .addKeyValue("worker", settings.name())
                .addKeyValue("pool", settings.pool())
                .addKeyValue("threads", settings.pools().threads())
                .addKeyValue("processes", settings.pools().processes())
                .log("worker started");
        return worker;
    }

    private static MissingRights rights(WorkerSettings settings) {
        return new MissingRights(settings.kafka(), Role.WORKER, Set.of(settings.pool()));
    }

    private void run() {
        try {
            while (!stopping) {
                intake.step();
            }
            if (failure.get() == null) {
                Duration drain = Attempts.exiting() ? EXIT : settings.patience().drain();
                intake.drain(System.nanoTime() + drain.toNanos());
            }
        } catch (RuntimeException | Error e) {
            fatal(e);
        } finally {
            closeQuietly();
            Optional.ofNullable(failure.get())
                    .flatMap(e -> rights(settings).behind(e))
                    .ifPresent(why -> LOG.error(why.getMessage()));
            ended.complete(null);
        }
    }

    private void closeQuietly() {
        try {
            intake.close();
        } catch (RuntimeException e) {
            LOG.warn("the consumer did not close cleanly", e);
        }
        cancelled.close();
        children.close();
        clock.shutdownNow();
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

    /**
     * Whether the group has answered: it has lanes, or knows that there are none for it; and it has the functions of all chunks
     * that it holds.
     */
    public boolean ready() {
        return live() && intake.joined() && workshop.withoutFunction() == 0;
    }

    /** How many partitions it has. */
    public int lanes() {
        return lanes.size();
    }

    /** How many chunks it holds whose function it does not have. */
    public int withoutFunction() {
        return workshop.withoutFunction();
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
