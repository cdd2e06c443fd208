package io.fanfold.worker.lane;

import io.fanfold.protocol.wire.JobHeader;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.Records;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.worker.emit.Emitter;
import io.fanfold.worker.function.ChildFunction;
import io.fanfold.worker.function.FanfoldFunction;
import io.fanfold.worker.function.FunctionRegistry;
import io.fanfold.worker.process.Children;
import io.fanfold.worker.strategy.AsyncExecution;
import io.fanfold.worker.strategy.Auto;
import io.fanfold.worker.strategy.Call;
import io.fanfold.worker.strategy.Choice;
import io.fanfold.worker.strategy.Ending;
import io.fanfold.worker.strategy.Execution;
import io.fanfold.worker.strategy.ThreadsExecution;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all lanes of a worker share: what is known of jobs, how chunks are to be run, and how what became of them is judged and told.
 * Any thread.
 *
 * <p>Every record that is taken in ends as exactly one of: an outcome computed, an outcome failed (with a dead letter), a dead
 * letter alone (no chunk), or nothing at all where its job has ended, or where the work was interrupted and a successor
 * will redo it.
 */
public final class Workshop {
    private static final Logger LOG = LoggerFactory.getLogger(Workshop.class);

    private final WorkshopSettings settings;
    private final KnownJobs jobs;
    private final Reports reports;
    private final Auto auto;
    private final Children children;
    private final ScheduledExecutorService clock;
    private final Predicate<JobId> cancelled;
    private final BrokerClock brokerClock;
    private final Grace grace;
    private final MeterRegistry meters;
    private final InFlight inFlight = new InFlight();
    private volatile int metadataLimit;
    private final AtomicInteger aside = new AtomicInteger();

    /**
     * @param children the worker's child processes
     * @param clock waits for what is later; never runs a function
     * @param cancelled whether a job was asked to end
     * @param brokerClock observes the broker's time
     */
    public Workshop(
            WorkshopSettings settings,
            FunctionRegistry functions,
            Emitter emitter,
            Auto auto,
            Children children,
            ScheduledExecutorService clock,
            Predicate<JobId> cancelled,
            BrokerClock brokerClock,
            MeterRegistry meters) {
        this.settings = settings;
        this.jobs = new KnownJobs(functions);
        this.reports = new Reports(settings.worker(), emitter);
        this.auto = auto;
        this.children = children;
        this.clock = clock;
        this.cancelled = cancelled;
        this.brokerClock = brokerClock;
        this.metadataLimit = settings.metadataLimit();
        this.grace = new Grace(settings.unknownFunctionGrace());
        this.meters = meters;
        meters.gauge("fanfold.chunks.unknown.function", grace, Grace::waiting);
    }

    Reports reports() {
        return reports;
    }

    LaneMeters meters(int partition, Lane lane) {
        return new LaneMeters(meters, partition, lane);
    }

    /**
     * The pools of one lane, at their least size.
     *
     * @param freed told, on any thread, when a place has become free; it does not block
     */
    Executions executions(String name, Runnable freed) {
        return new Executions(
                new ThreadsExecution(name, 1, clock, meters, freed),
                new AsyncExecution(name + "-async", Integer.MAX_VALUE, clock, meters, freed),
                children.execution(1, freed),
                children.together());
    }

    /**
     * The record as a chunk.
     *
     * @throws io.fanfold.protocol.wire.WireException if it is none
     */
    Chunk understood(ConsumerRecord<byte[], byte[]> record) {
        KnownJob job = jobs.of(record);
        brokerClock.observe(record.timestamp(), localMs());
        return new Chunk(record, job, Records.chunkHeader(record));
    }

    /** A clock that only goes forward, in milliseconds: what the broker's time is measured against. */
    public static long localMs() {
        return System.nanoTime() / 1_000_000;
    }

    boolean cancelled(JobId job) {
        return cancelled.test(job);
    }

    /** How a chunk must be run that a former owner may have died of: what runs in a child anyway cannot have killed it. */
    Chunk.Suspicion suspicion(KnownJob job) {
        return !settings.javaInChildren() || job.function().orElseThrow() instanceof ChildFunction
                ? Chunk.Suspicion.NONE
                : Chunk.Suspicion.TOGETHER;
    }

    /** Runs what waits for the broker on a thread of its own: the poll thread never does. */
    void aside(Runnable work) {
        aside.incrementAndGet();
        Thread _ = Thread.startVirtualThread(() -> {
            try {
                work.run();
            } catch (RuntimeException | Error e) {
                reports.fatal(e);
            } finally {
                aside.decrementAndGet();
            }
        });
    }

    void later(Duration wait, Runnable work) {
        Future<?> _ = clock.schedule(work, TimeUnit.NANOSECONDS.convert(wait), TimeUnit.NANOSECONDS);
    }

    /**
     * Begins to keep a chunk whose function this worker does not have, so that a worker that has it may take the lane over.
     *
     * @param giveUp done on a thread of its own when the grace is over
     * @return the wait, to be ended by {@link #letGo}
     */
    Future<?> hold(Chunk chunk, Runnable giveUp) {
        JobHeader job = chunk.job().header();
        Duration wait = grace.begin(job.job(), System.nanoTime());
        LOG.atWarn()
                .addKeyValue("function", job.function())
                .addKeyValue("chunk", chunk.where())
                .addKeyValue("seconds", wait.toSeconds())
                .log("this worker does not have the function: waiting for one that has to take the lane over");
        return clock.schedule(() -> aside(giveUp), wait.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** A chunk is held no more. */
    void letGo(Future<?> wait) {
        boolean _ = wait.cancel(false);
        grace.end();
    }

    /** How many chunks wait for a function that this worker does not have. */
    public int withoutFunction() {
        return grace.waiting();
    }

    /** Why a chunk cannot be tried at all, if it cannot. */
    Optional<Verdict.Failed> unfit(Chunk chunk) {
        JobHeader job = chunk.job().header();
        if (chunk.job().refusal().isPresent()) {
            return failed("WireException", chunk.job().refusal().get());
        }
        if (chunk.job().function().isEmpty()) {
            return failed(
                    "UnknownFunction",
                    "no worker of pool " + settings.pool() + " has " + job.function()
                            + "; fanfold functions lists what there is");
        }
        boolean inChild = job.strategy() == Strategy.PROCESSES
                && !(chunk.job().function().orElseThrow() instanceof ChildFunction);
        if (inChild && !settings.javaInChildren()) {
            return failed(
                    "WireException", "this worker runs no Java function in a process; use strategy threads or async");
        }
        if (chunk.npy().isEmpty()) {
            return failed("ArrayFormatException", chunk.where() + " has no value: send its rows as .npy bytes");
        }
        boolean late = job.timeToLiveMs().isPresent()
                && brokerClock.past(
                        chunk.record().timestamp(), job.timeToLiveMs().getAsLong(), localMs());
        return late
                ? failed(
                        "DeadlineExceeded",
                        "its time to live of " + job.timeToLiveMs().getAsLong() / 1000.0
                                + " s was over before it was started: give it more (--time-to-live), or more workers")
                : Optional.empty();
    }

    private static Optional<Verdict.Failed> failed(String error, String message) {
        return Optional.of(new Verdict.Failed(Tries.NONE, error, message));
    }

    /** How the next chunk of a job is to be run. Asking changes nothing. */
    Choice choice(KnownJob job) {
        Strategy asked = job.header().strategy();
        FanfoldFunction function = job.function().orElseThrow();
        return asked == Strategy.AUTO || function instanceof ChildFunction
                ? auto.choose(function)
                : new Choice(asked, false);
    }

    /** Whether one more chunk of a job may wait beside those that do. */
    boolean mayWait(KnownJob job) {
        return job.header().strategy() != Strategy.AUTO || inFlight.of(job.id()) < auto.limit(job.id());
    }

    boolean runsNoneOf(KnownJob job) {
        return inFlight.of(job.id()) == 0;
    }

    /** A chunk was started as chosen. */
    void started(Chunk chunk, Choice choice, Execution.Running running) {
        chunk.inFlight = inFlight.more(chunk.job().id());
        auto.started(chunk.job().function().orElseThrow(), choice, running);
    }

    /** A chunk that was started has ended: {@code auto} learns from it, whoever chose. */
    void ended(Chunk chunk, Choice choice, Ending ending) {
        inFlight.less(chunk.job().id());
        auto.ended(
                chunk.job().function().orElseThrow(),
                chunk.job().id(),
                choice,
                ending,
                chunk.inFlight,
                chunk.dataBytes());
    }

    Call call(Chunk chunk) {
        return new Call(
                chunk.job().id(),
                chunk.index(),
                chunk.job().function().orElseThrow(),
                chunk.job().parameters(),
                chunk.npy().orElseThrow(),
                timeout(chunk.job().header()));
    }

    /** The shorter of what the job and the worker allow; zero: as long as it likes. */
    private Duration timeout(JobHeader job) {
        Duration mine = settings.chunkTimeout();
        Duration asked = Duration.ofMillis(job.chunkTimeoutMs().orElse(0));
        boolean both = !mine.isZero() && !asked.isZero();
        return both ? (mine.compareTo(asked) < 0 ? mine : asked) : mine.plus(asked);
    }

    Verdict judge(Ending ending, Tries so, Chunk.Suspicion suspicion) {
        return Verdict.of(
                ending,
                so,
                suspicion,
                settings.retries(),
                settings.maxValueBytes(),
                ThreadLocalRandom.current().nextDouble());
    }

    /** The broker takes less metadata with a commit than was sent: from now on half as much is. */
    public void shortenMarks() {
        metadataLimit = Math.max(BookmarkText.LEAST_LIMIT, metadataLimit / 2);
        LOG.atInfo().addKeyValue("characters", metadataLimit).log("marks are shortened to what the broker takes");
    }

    /** A lane's place, as the metadata of its commit. */
    String text(Bookmark bookmark, String topicId) {
        Bookmark kept = settings.keepCompletions()
                ? bookmark
                : new Bookmark(bookmark.offset(), java.util.List.of(), bookmark.started(), bookmark.tries());
        return BookmarkText.write(kept, topicId, metadataLimit);
    }

    /** How many outcomes are on their way: being told, or sent and not yet acknowledged. */
    public long sending() {
        return aside.get() + reports.sending();
    }
}
