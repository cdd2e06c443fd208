package io.fanfold.aggregator.intake;

import io.fanfold.aggregator.assemble.Assembly;
import io.fanfold.aggregator.catalog.Catalog;
import io.fanfold.aggregator.catalog.Jobs;
import io.fanfold.aggregator.store.Checkpoint;
import io.fanfold.aggregator.store.Moments;
import io.fanfold.aggregator.store.Publisher;
import io.fanfold.aggregator.store.Spool;
import io.fanfold.aggregator.store.Spools;
import io.fanfold.protocol.array.ArrayFormatException;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.fold.FoldFunction;
import io.fanfold.protocol.fold.Folds;
import io.fanfold.protocol.wire.Cancel;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.Outcome;
import io.fanfold.protocol.wire.ResultInfo;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves jobs along, outcome by outcome: each goes to its job's spool once; a job that is whole becomes a result, and only then is
 * it said to be COMPLETED. One thread, and another for what takes long.
 */
final class Assembler {
    private static final Logger LOG = LoggerFactory.getLogger(Assembler.class);
    private static final Duration RETRY = Duration.ofSeconds(2);
    private static final long PROGRESS_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    /** Jobs that grow side by side share this much progress: the more there are, the rarer each says how it is. */
    private static final long PROGRESS_SHARE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Jobs jobs;
    private final Catalog catalog;
    private final Spools spools;
    private final Publisher publisher;
    private final Folds folds;
    private final Moments moments;
    private final MeterRegistry meters;
    private final Background background = new Background("store");
    private final Checkpoints checkpoints;
    private final Map<JobId, Live> live = new HashMap<>();
    private final Map<JobId, End> ends = new LinkedHashMap<>();
    /** Jobs that were given up and whose spools are still in use, or there: they do not begin again before these are gone. */
    private final Set<JobId> leaving = new HashSet<>();

    /** An end that is about to be said. */
    private record End(int partition, JobState.Terminal state) {}

    Assembler(Intake.Parts parts, MeterRegistry meters) {
        this.jobs = parts.jobs();
        this.catalog = parts.catalog();
        this.spools = parts.spools();
        this.publisher = parts.publisher();
        this.folds = parts.folds();
        this.moments = parts.moments();
        this.meters = meters;
        this.checkpoints = new Checkpoints(
                spools, background, moments, live.values(), parts.policy().checkpointBytes());
        meters.gaugeMapSize("fanfold.jobs.growing", List.of(), live);
    }

    /**
     * One outcome, read at this offset of this partition. Outcomes of unknown and of ended jobs are dropped and counted.
     *
     * @param millis when the broker had it
     * @return whether it is done with; if not, it has to be given again in a while, and those behind it have to wait
     */
    boolean accept(Outcome outcome, int partition, long offset, long millis) {
        JobId id = outcome.job();
        if (ends.containsKey(id) || jobs.ended(id)) {
            return drop("ended");
        }
        Live job = live.get(id);
        if (job == null) {
            Optional<JobRecord.Spec> spec = jobs.find(id);
            if (spec.isEmpty()
                    || spec.get().header().outcomesPartition() != partition
                    || outcome.index() >= spec.get().count().orElse(Long.MAX_VALUE)) {
                return drop("unknown");
            }
            if (leaving.contains(id)) {
                return false;
            }
            Optional<String> unfit = unfit(spec.get());
            job = begin(spec.get(), offset, unfit.isEmpty());
            if (unfit.isPresent()) {
                fail(spec.get(), unfit.get());
                return true;
            }
        }
        if (job.partition != partition) {
            return drop("unknown"); // a successor would look for it in the job's own partition only
        }
        return !job.publishing ? accept(job, outcome, offset, millis) : drop("duplicate");
    }

    private Optional<String> unfit(JobRecord.Spec spec) {
        if (fold(spec).isEmpty() && !spec.header().fold().equals(Fold.CONCAT)) {
            return Optional.of("fold " + spec.header().fold() + " is not known to the aggregator, which has concat, "
                    + String.join(", ", folds.names()) + ": give it the plugin that has it (--plugins)");
        }
        if (spec.count().isEmpty()) {
            return Optional.of("arrays of unknown length are not available yet; give rows in the job's spec");
        }
        return spec.count().getAsLong() > Plan.MOST_CHUNKS
                ? Optional.of(spec.count().getAsLong() + " chunks are more than " + Plan.MOST_CHUNKS)
                : Optional.empty();
    }

    private Optional<FoldFunction> fold(JobRecord.Spec spec) {
        return folds.find(spec.header().fold());
    }

    /** From here on the committed offset stays in front of the job's first outcome, until its end is said. */
    private Live begin(JobRecord.Spec spec, long offset, boolean fit) {
        Live job = new Live(spec, offset, new Pace(System.nanoTime()));
        live.put(spec.job(), job);
        if (fit && spec.revision().isPresent()) {
            revise(job);
        }
        return job;
    }

    private boolean accept(Live job, Outcome outcome, long offset, long millis) {
        try {
            Growing growing = growing(job);
            if (growing == null) {
                return false;
            }
            Growing.Step step = growing.accept(outcome, offset, millis);
            job.goesOn();
            switch (step) {
                case Growing.Step.Counted(long bytes) -> counted(job, growing, bytes);
                case Growing.Step.Dropped(String why) -> drop(why.equals("beyond") ? "unknown" : why);
                case Growing.Step.Broken broken -> fail(job.spec, broken);
            }
            return true;
        } catch (IOException e) {
            waits(job, e);
            return false;
        }
    }

    private @Nullable Growing growing(Live job) throws IOException {
        if (job.growing == null && job.spec.revision().isEmpty()) {
            job.growing = new Growing(
                    job.spec,
                    fold(job.spec),
                    job.firstOffset,
                    new Assembly(job.spec),
                    spools.open(job.spec.job()),
                    moments);
        }
        return job.growing;
    }

    /** The disk, or the store, does not take what it is given: the job says so and is tried again. */
    private void waits(Live job, IOException why) {
        String what = "the aggregator cannot write: " + why.getMessage();
        if (!job.waiting().equals(Optional.of(what))) {
            LOG.atWarn()
                    .addKeyValue("job", job.spec.job())
                    .addKeyValue("error", why.toString())
                    .log("a job waits until the aggregator can write again");
        }
        meters.counter("fanfold.store.refusals").increment();
        job.waitsFor(what);
    }

    private void counted(Live job, Growing growing, long bytes) {
        job.dirtyBytes += bytes;
        meters.counter("fanfold.outcomes", "verdict", "placed").increment();
        if (growing.assembly.complete()) {
            if (growing.assembly.failures() == growing.assembly.count()) {
                fail(
                        job.spec,
                        "all " + growing.assembly.count() + " chunks failed: there is nothing to make a result of");
            } else {
                job.publishing = true;
                publish(job, growing);
            }
        }
    }

    private void revise(Live job) {
        background.run(
                () -> job.abandoned ? null : publisher.revise(job.spec),
                revised -> {
                    if (revised != null && !job.abandoned) {
                        job.growing = new Growing(
                                job.spec,
                                fold(job.spec),
                                job.firstOffset,
                                revised.assembly(),
                                revised.spool(),
                                moments);
                    } else if (revised != null) {
                        discard(revised.spool());
                    }
                },
                e -> retry(job, e, () -> revise(job)));
    }

    private void publish(Live job, Growing growing) {
        background.run(
                () -> job.abandoned ? null : publisher.publish(growing.whole()),
                result -> {
                    if (result != null && job.abandoned) {
                        overruled(JobState.Terminal.completed(job.spec.job(), result));
                    } else if (result != null) {
                        completed(job, result);
                    }
                },
                e -> retry(job, e, () -> publish(job, growing)));
    }

    private void completed(Live job, ResultInfo result) {
        job.goesOn();
        Growing growing = Objects.requireNonNull(job.growing);
        catalog.progress(job.pace.progress(job.spec, growing.assembly, Optional.empty(), System.nanoTime()));
        ends.put(job.spec.job(), new End(job.partition, JobState.Terminal.completed(job.spec.job(), result)));
    }

    /** What the disk refused is tried again; what can never be ends the job. */
    private void retry(Live job, Exception why, Runnable again) {
        if (job.abandoned) {
            return;
        }
        switch (why) {
            case IOException e -> {
                waits(job, e);
                background.later(RETRY, again);
            }
            case IllegalArgumentException e -> fail(job.spec, String.valueOf(e.getMessage()));
            case ArrayFormatException e -> fail(job.spec, String.valueOf(e.getMessage()));
            default -> {
                LOG.atError().addKeyValue("job", job.spec.job()).setCause(why).log("a result cannot be made");
                fail(job.spec, "the result cannot be made: " + why);
            }
        }
    }

    /** A job can never be COMPLETED. */
    void fail(JobRecord.Spec spec, String why) {
        end(spec, JobState.End.FAILED, why);
    }

    private void fail(JobRecord.Spec spec, Growing.Step.Broken broken) {
        JobState.Terminal failed = new JobState.Terminal(
                spec.job(), JobState.End.FAILED, Optional.empty(), Optional.of(broken.why()), broken.chunk());
        ends.putIfAbsent(spec.job(), new End(spec.header().outcomesPartition(), failed));
    }

    private void end(JobRecord.Spec spec, JobState.End end, String why) {
        ends.putIfAbsent(
                spec.job(), new End(spec.header().outcomesPartition(), JobState.Terminal.ended(spec.job(), end, why)));
    }

    /** Somebody wants a job to be ended. */
    void cancel(Cancel request, IntPredicate owned) {
        jobs.find(request.job())
                .filter(spec -> owned.test(spec.header().outcomesPartition()))
                .ifPresent(spec -> end(spec, JobState.End.CANCELLED, request.reason()));
    }

    /** Nobody has heard of a job for long, and its chunks never all came. */
    void expire(JobRecord.Spec spec, String why) {
        end(spec, JobState.End.EXPIRED, why);
    }

    /** Whether something is being done in the background that may end a job. */
    boolean busy() {
        return background.busy();
    }

    /**
     * Takes back what was done in the background, and says which jobs have ended.
     *
     * @param patience how long it waits for what is being done
     */
    void settle(Duration patience) {
        background.drain(patience);
        if (ends.isEmpty()) {
            return;
        }
        Map<Integer, List<JobState.Terminal>> byPartition = ends.values().stream()
                .collect(Collectors.groupingBy(End::partition, Collectors.mapping(End::state, Collectors.toList())));
        byPartition.forEach((partition, states) -> {
            List<JobState.Terminal> standing = catalog.end(partition, states);
            moments.reached(Moments.Moment.ENDED);
            standing.forEach(this::said);
            states.stream().filter(state -> !standing.contains(state)).forEach(this::overruled);
        });
        ends.keySet().forEach(this::abandon);
        ends.clear();
    }

    private void said(JobState.Terminal state) {
        LOG.atInfo()
                .addKeyValue("job", state.job())
                .addKeyValue("state", state.end())
                .log("job ended");
        meters.counter("fanfold.jobs.ended", "state", state.end().name()).increment();
    }

    /** If another end stands, one without a result, then ours is for nobody. */
    private void overruled(JobState.Terminal state) {
        if (state.result().isPresent() && jobs.ended(state.job()) && !jobs.completed(state.job())) {
            background.run(
                    () -> {
                        publisher.remove(state.job());
                        return true;
                    },
                    _ -> {},
                    e -> LOG.warn("the result of a job that ended otherwise could not be removed", e));
        }
    }

    private void abandon(JobId id) {
        Live job = live.remove(id);
        if (job == null) {
            return;
        }
        job.abandoned = true;
        leaving.add(id);
        background.run(
                () -> {
                    if (job.growing != null) {
                        job.growing.spool.discard();
                    }
                    spools.remove(id);
                    return true;
                },
                _ -> leaving.remove(id),
                e -> {
                    leaving.remove(id);
                    LOG.warn("a spool could not be removed", e);
                });
    }

    private static void discard(Spool spool) {
        try {
            spool.discard();
        } catch (IOException e) {
            LOG.warn("a spool could not be removed", e);
        }
    }

    private boolean drop(String why) {
        meters.counter("fanfold.outcomes", "verdict", why).increment();
        return true;
    }

    /** Says how far jobs are, for those where there is news. */
    void report() {
        long now = System.nanoTime();
        long every = Math.max(PROGRESS_EVERY_NANOS, live.size() * PROGRESS_SHARE_NANOS);
        for (Live job : live.values()) {
            Optional<Assembly> assembly = assembly(job);
            if (assembly.isPresent() && job.pace.due(assembly.get().done(), job.waiting(), now, every)) {
                catalog.progress(job.pace.progress(job.spec, assembly.get(), job.waiting(), now));
            }
        }
    }

    /** How far a job is; of one that cannot even begin, nowhere. */
    private static Optional<Assembly> assembly(Live job) {
        return job.growing != null
                ? Optional.of(job.growing.assembly)
                : job.waiting().map(_ -> new Assembly(job.spec));
    }

    /** The first offset of a partition that an unfinished job still needs; {@code position} if there is none. */
    long safeOffset(int partition, long position) {
        long safe = position;
        for (Live job : live.values()) {
            if (job.partition == partition) {
                safe = Math.min(safe, job.firstOffset);
            }
        }
        return safe;
    }

    /** How many chunks of a job are done, as far as its outcomes have been read here. */
    long done(JobId id) {
        Live job = live.get(id);
        return job == null || job.growing == null ? 0 : job.growing.assembly.done();
    }

    /** When the broker had the last outcome of a job that was read here; 0 if none was. */
    long lastMillis(JobId id) {
        Live job = live.get(id);
        return job == null || job.growing == null ? 0 : job.growing.lastMillis();
    }

    /** Writes down what has grown enough to be worth it. */
    void checkpoint(Map<Integer, Long> positions) {
        checkpoints.make(positions);
    }

    /**
     * Takes up what is written down of a partition.
     *
     * @param committed the offset that its owners have agreed on
     * @return where to read on: there, or further on
     */
    long restore(int partition, String topic, long committed) {
        return checkpoints.restore(
                partition, topic, committed, job -> jobs.find(job).isPresent(), this::restored);
    }

    private boolean restored(JobId id, Checkpoint checkpoint) {
        JobRecord.Spec spec = jobs.find(id).orElseThrow();
        if (unfit(spec).isPresent()) {
            return false;
        }
        try {
            Live job = new Live(spec, checkpoint.firstOffset(), new Pace(System.nanoTime()));
            job.checkpointed = checkpoint.position();
            Growing growing = new Growing(
                    spec,
                    fold(spec),
                    checkpoint.firstOffset(),
                    new Assembly(spec, checkpoint.assembly()),
                    spools.reopen(id, checkpoint),
                    moments);
            growing.heard(checkpoint.millis());
            job.growing = growing;
            live.put(id, job);
            LOG.atInfo()
                    .addKeyValue("job", id)
                    .addKeyValue("chunks", growing.assembly.done())
                    .log("goes on from a checkpoint");
            return true;
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("job", id)
                    .addKeyValue("error", e.toString())
                    .log("a spool is not there: the job is built again from its outcomes");
            return false;
        }
    }

    /** Forgets the jobs of a partition that is another's now: the new owner rebuilds them from the topic. */
    void forget(int partition) {
        List<JobId> theirs = live.values().stream()
                .filter(job -> job.partition == partition)
                .map(job -> job.spec.job())
                .toList();
        theirs.forEach(this::abandon);
        ends.values().removeIf(end -> end.partition() == partition);
        checkpoints.forget(partition);
    }

    /** Removes what is on the disk of jobs that have ended elsewhere. */
    void sweep() {
        Collection<JobId> needed =
                jobs.open().stream().map(job -> job.spec().job()).collect(Collectors.toSet());
        background.run(
                () -> {
                    spools.sweep(needed::contains);
                    return true;
                },
                _ -> {},
                e -> LOG.warn("what is left of jobs could not be removed", e));
    }

    /** Writes down what there is, for this aggregator when it comes back; takes no more. */
    void leave(Map<Integer, Long> positions) {
        background.close();
        checkpoints.makeAll(positions);
        live.values().forEach(Assembler::leave);
        live.clear();
        ends.clear();
    }

    private static void leave(Live job) {
        try {
            if (job.growing != null && job.checkpointed >= 0) {
                job.growing.spool.close();
            } else if (job.growing != null) {
                job.growing.spool.discard();
            }
        } catch (IOException e) {
            LOG.warn("a spool did not close cleanly", e);
        }
    }
}
