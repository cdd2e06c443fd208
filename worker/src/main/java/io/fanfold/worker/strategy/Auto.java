package io.fanfold.worker.strategy;

import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.protocol.wire.FunctionProfile;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.worker.function.AsyncFunction;
import io.fanfold.worker.function.ChildFunction;
import io.fanfold.worker.function.ChunkFunction;
import io.fanfold.worker.function.FanfoldFunction;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The strategy {@code auto}: chooses threads for functions that compute and async for those that wait, and learns which does
 * what from how calls have run. One for each worker; any thread; nothing here blocks.
 *
 * <p>A function that nobody knows is run on threads, and each of its calls is a sample. One that waits shows that before it ends:
 * from 50 ms on auto looks at it. A function that waits is sampled on, one call in 64, so that auto notices when it changes.
 */
public final class Auto {
    private static final Logger LOG = LoggerFactory.getLogger(Auto.class);
    private static final Duration PEEK = Duration.ofMillis(50);

    private final Map<FunctionId, FunctionProfile> known;
    private final ScheduledExecutorService clock;
    private final MeterRegistry meters;
    private final BiConsumer<FunctionId, FunctionProfile> learned;
    private final Runnable changed;
    private final LongSupplier nanoTime;
    private final Executor notices;
    private final Map<FunctionId, Knowledge> functions = new ConcurrentHashMap<>();
    private final Limits limits = new Limits();

    /**
     * @param known what had been learned before, so that this worker starts warm
     * @param clock shared, see {@link WorkerClock}
     * @param learned told, on a thread of its own, what others should know: when a function becomes known, when the choice changes,
     *     and else at most every 10 s, but no later
     * @param changed told, on that thread, when choices or limits have changed so that more calls may be started now
     */
    public Auto(
            Map<FunctionId, FunctionProfile> known,
            ScheduledExecutorService clock,
            MeterRegistry meters,
            BiConsumer<FunctionId, FunctionProfile> learned,
            Runnable changed) {
        this(known, clock, meters, learned, changed, System::nanoTime);
    }

    Auto(
            Map<FunctionId, FunctionProfile> known,
            ScheduledExecutorService clock,
            MeterRegistry meters,
            BiConsumer<FunctionId, FunctionProfile> learned,
            Runnable changed,
            LongSupplier nanoTime) {
        this.known = Map.copyOf(known);
        this.clock = clock;
        this.meters = meters;
        this.learned = learned;
        this.changed = changed;
        this.nanoTime = nanoTime;
        this.notices = oneThread();
    }

    /** A platform thread, which computing on virtual threads cannot hold up; none while there is nothing to tell. */
    private static Executor oneThread() {
        ThreadPoolExecutor thread = new ThreadPoolExecutor(
                1,
                1,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name("auto").daemon().factory());
        thread.allowCoreThreadTimeOut(true);
        return thread;
    }

    /** How the next call of a function should be run. Asking changes nothing: who starts a call says so with {@link #started}. */
    public Choice choose(FanfoldFunction function) {
        Set<Strategy> allowed = function.description().strategies();
        return switch (function) {
            case ChildFunction _ -> new Choice(Strategy.PROCESSES, false);
            case AsyncFunction _ when allowed.contains(Strategy.ASYNC) -> new Choice(Strategy.ASYNC, false);
            case AsyncFunction _ -> fixed(allowed);
            case ChunkFunction f
            when allowed.contains(Strategy.THREADS) || allowed.contains(Strategy.ASYNC) ->
                knowledge(f).choose(allowed);
            case ChunkFunction _ -> fixed(allowed);
        };
    }

    private static Choice fixed(Set<Strategy> allowed) {
        return new Choice(allowed.contains(Strategy.THREADS) ? Strategy.THREADS : Strategy.PROCESSES, false);
    }

    /** How many calls of a job may wait at once in this worker, if async was chosen for it; at least 1. */
    public int limit(JobId job) {
        return limits.of(job);
    }

    /** A call was started as chosen. Each is followed by {@link #ended}. */
    public void started(FanfoldFunction function, Choice choice, Execution.Running running) {
        if (function instanceof ChunkFunction f) {
            knowledge(f).started(choice);
            if (choice.sample() && running instanceof Attempt attempt) {
                peekAfter(PEEK, f, attempt, Stopwatch.Usage.NONE);
            }
        }
    }

    /**
     * A call has ended, in whichever way. What ran by a job's own choice of strategy may be told too: it teaches as well.
     *
     * @param inFlight calls of the job that ran with this strategy in this worker when this one was started, itself included
     * @param bytes of the chunk's array
     */
    public void ended(FanfoldFunction function, JobId job, Choice choice, Ending ending, int inFlight, long bytes) {
        if (function instanceof ChunkFunction f) {
            knowledge(f).ended(choice);
        }
        if (!(ending instanceof Ending.Answered answered)) {
            return;
        }
        if (choice.strategy() == Strategy.ASYNC) {
            adjust(function, job, answered.wallNanos(), inFlight);
        }
        knowledge(function).timed(bytes, answered.wallNanos());
        cpuNanos(function, answered)
                .ifPresent(cpu -> learn(function, profile -> profile.with(answered.wallNanos(), cpu)));
    }

    /** A stage takes none where it cannot be measured: what it waits for is elsewhere. */
    private static OptionalLong cpuNanos(FanfoldFunction function, Ending.Answered answered) {
        return function instanceof AsyncFunction && answered.cpuNanos().isEmpty()
                ? OptionalLong.of(0)
                : answered.cpuNanos();
    }

    private void adjust(FanfoldFunction function, JobId job, long wallNanos, int inFlight) {
        Limits.Move move = limits.completed(job, wallNanos, inFlight);
        if (move.after() != move.before()) {
            knowledge(function).limit(move.after());
            LOG.atDebug()
                    .addKeyValue("job", job)
                    .addKeyValue("limit", move.after())
                    .log("limit of waiting calls moved");
        }
        if (move.after() > move.before()
                || inFlight >= move.before()) { // at the limit, another lane may wait for its place
            notices.execute(changed);
        }
    }

    private void peekAfter(Duration time, ChunkFunction function, Attempt attempt, Stopwatch.Usage before) {
        Future<?> _ = clock.schedule(
                () -> notices.execute(() -> peek(time, function, attempt, before)),
                time.toNanos(),
                TimeUnit.NANOSECONDS);
    }

    /** Calls may begin with some work, such as loading classes: one that does not wait yet is looked at again, later and later. */
    private void peek(Duration time, ChunkFunction function, Attempt attempt, Stopwatch.Usage before) {
        attempt.measured().ifPresent(watch -> {
            Stopwatch.Usage now = watch.usage().orElse(before);
            if (!watch.wantsCore()) {
                learn(
                        function,
                        profile -> profile.glimpsed(
                                now.wallNanos() - before.wallNanos(), now.cpuNanos() - before.cpuNanos()));
            }
            if (knowledge(function).profile().nature() == Profile.Nature.UNKNOWN) {
                peekAfter(time.multipliedBy(2), function, attempt, now);
            }
        });
    }

    private void learn(FanfoldFunction function, UnaryOperator<Profile> lesson) {
        FunctionId id = function.description().id();
        Knowledge knowledge = knowledge(function);
        boolean change = knowledge.learn(lesson);
        Set<Strategy> allowed = function.description().strategies();
        boolean choosable = function instanceof ChunkFunction
                && allowed.contains(Strategy.THREADS)
                && allowed.contains(Strategy.ASYNC);
        if (change && choosable) {
            say(id, knowledge.profile(), knowledge.choose(allowed));
            notices.execute(changed);
        }
        tell(id, knowledge, change);
    }

    /** What others should know and are not told now, they are told later, be there more calls or not. */
    private void tell(FunctionId id, Knowledge knowledge, boolean change) {
        knowledge
                .news(change, nanoTime.getAsLong())
                .ifPresent(profile -> notices.execute(() -> learned.accept(id, profile)));
        if (knowledge.remind()) {
            Future<?> _ = clock.schedule(
                    () -> notices.execute(() -> tellRest(id, knowledge)),
                    Knowledge.TELL_AGAIN.toNanos(),
                    TimeUnit.NANOSECONDS);
        }
    }

    private void tellRest(FunctionId id, Knowledge knowledge) {
        knowledge.rest(nanoTime.getAsLong()).ifPresent(profile -> learned.accept(id, profile));
    }

    private void say(FunctionId id, Profile profile, Choice choice) {
        String strategy = choice.strategy().wire();
        meters.counter("fanfold.auto.choices", "function", id.toString(), "strategy", strategy)
                .increment();
        LOG.atInfo()
                .addKeyValue("function", id)
                .addKeyValue("strategy", strategy)
                .addKeyValue("cpuShare", String.format(Locale.ROOT, "%.3f", profile.cpuShare()))
                .addKeyValue("wallMs", String.format(Locale.ROOT, "%.3f", profile.wallMs()))
                .addKeyValue("samples", profile.samples())
                .log("auto has chosen how to run a function");
    }

    private Knowledge knowledge(FanfoldFunction function) {
        return functions.computeIfAbsent(function.description().id(), this::firstMet);
    }

    private Knowledge firstMet(FunctionId id) {
        Knowledge knowledge = new Knowledge(Optional.ofNullable(known.get(id)));
        Gauge.builder("fanfold.auto.cpu.share", knowledge, k -> k.profile().cpuShare())
                .tag("function", id.toString())
                .register(meters);
        Gauge.builder(
                        "fanfold.auto.limit",
                        knowledge,
                        k -> k.limit() == Gradient.UNLIMITED ? Double.POSITIVE_INFINITY : k.limit())
                .tag("function", id.toString())
                .register(meters);
        return knowledge;
    }
}
