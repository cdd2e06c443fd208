package io.fanfold.aggregator.intake;

import io.fanfold.aggregator.assemble.Assembly;
import io.fanfold.aggregator.catalog.Catalog;
import io.fanfold.aggregator.catalog.Jobs;
import io.fanfold.protocol.array.ArrayFormatException;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.Outcome;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves jobs along, outcome by outcome: each goes to its job's spool once; a job that is whole becomes a result, and only then is
 * it said to be COMPLETED. One thread, and another for what takes long.
 */
final class Assembler {
    private static final Logger LOG = LoggerFactory.getLogger(Assembler.class);
    private static final long PROGRESS_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    /** Jobs that grow side by side share this much progress: the more there are, the rarer each says how it is. */
    private static final long PROGRESS_SHARE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Jobs jobs;
    private final Catalog catalog;
    private final MeterRegistry meters;
    private final Background background = new Background("store");
    private final Fit fit;
    private final Ends ends;
    private final LiveJobs live;
    private final Errands errands;
    /** Of partitions, the offset from which they have to be read again. */
    private final Map<Integer, Long> again = new HashMap<>();

    private boolean news;

    Assembler(Intake.Parts parts, MeterRegistry meters) {
        this.jobs = parts.jobs();
        this.catalog = parts.catalog();
        this.meters = meters;
        this.fit = new Fit(parts.folds());
        this.ends = new Ends(parts, background, meters);
        this.live = new LiveJobs(parts, fit, background);
        this.errands = new Errands(parts, fit, ends, background, meters);
        meters.gauge("fanfold.jobs.growing", live, l -> l.all().size());
    }

    /** The jobs that it moves. */
    LiveJobs live() {
        return live;
    }

    /** The ends that it says. */
    Ends ends() {
        return ends;
    }

    /**
     * One outcome, read at this offset of this partition. Outcomes of unknown and of ended jobs are dropped and counted.
     *
     * @param millis when the broker had it
     * @return whether it is done with; if not, it has to be given again in a while, and those behind it have to wait
     */
    boolean accept(Outcome outcome, int partition, long offset, long millis) {
        JobId id = outcome.job();
        if (ends.ended(id)) {
            return drop("ended");
        }
        Live job = live.find(id);
        if (job == null) {
            Optional<JobRecord.Spec> spec = jobs.find(id);
            if (spec.isEmpty()
                    || spec.get().header().outcomesPartition() != partition
                    || outcome.index() >= spec.get().count().orElse(Plan.MOST_CHUNKS)) {
                return drop("unknown");
            }
            if (live.leaving(id)) {
                return false;
            }
            job = live.begin(spec.get(), offset);
            Optional<String> unfit = fit.unfit(spec.get());
            if (unfit.isPresent()) {
                ends.fail(spec.get(), unfit.get());
                return true;
            }
            if (spec.get().revision().isPresent()) {
                errands.revise(job);
            }
        }
        if (job.partition != partition) {
            return drop("unknown"); // a successor would look for it in the job's own partition only
        }
        return !job.publishing ? accept(job, outcome, offset, millis) : drop("duplicate");
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
                case Growing.Step.Broken(String why, Optional<JobState.FailedChunk> chunk) ->
                    ends.fail(job.spec, why, chunk);
            }
            return true;
        } catch (IOException e) {
            errands.waits(job, e);
            return false;
        }
    }

    private @Nullable Growing growing(Live job) throws IOException {
        return job.growing == null && job.spec.revision().isEmpty() ? live.grow(job) : job.growing;
    }

    private void counted(Live job, Growing growing, long bytes) {
        job.dirtyBytes += bytes;
        news = true;
        meters.counter("fanfold.outcomes", "verdict", "placed").increment();
        if (growing.assembly.complete()) {
            whole(job, growing.assembly);
        }
    }

    private void whole(Live job, Assembly assembly) {
        if (assembly.failures() == assembly.count()) {
            ends.fail(job.spec, "all " + assembly.count() + " chunks failed: there is nothing to make a result of");
        } else {
            errands.publish(job);
        }
    }

    private boolean drop(String why) {
        meters.counter("fanfold.outcomes", "verdict", why).increment();
        return true;
    }

    /** Takes up which streams are sealed by now, and finishes those of which all chunks are there. */
    void hearSeals() {
        for (Live job : List.copyOf(live.all())) {
            if (job.publishing || ends.ended(job.id())) {
                continue;
            }
            if (!job.sealed()) {
                jobs.sealed(job.id()).ifPresent(spec -> seal(job, spec));
            }
            if (!job.abandoned && job.growing != null && job.growing.assembly.complete()) {
                whole(job, job.growing.assembly);
            }
        }
    }

    private void seal(Live job, JobRecord.Spec sealed) {
        Growing growing = job.growing;
        Optional<String> unfit = fit.unfit(sealed);
        if (unfit.isPresent()) {
            ends.fail(sealed, unfit.get());
        } else if (growing != null && Assembly.contradicts(sealed, growing.assembly.snapshot())) {
            beginAgain(job);
        } else {
            job.spec = sealed;
            if (growing != null) {
                seal(growing, sealed);
            }
        }
    }

    private void seal(Growing growing, JobRecord.Spec sealed) {
        try {
            growing.seal(sealed);
        } catch (ArrayFormatException e) { // the result would have more elements than can be counted
            ends.fail(sealed, String.valueOf(e.getMessage()));
        }
    }

    /**
     * There were outcomes of chunks that the job has not, and what was made of the others may depend on them: all are read again by
     * one who knows.
     */
    private void beginAgain(Live job) {
        LOG.atWarn()
                .addKeyValue("job", job.id())
                .log("outcomes came of chunks that the job has not, as its seal says: it begins again without them");
        again.merge(job.partition, job.firstOffset, Math::min);
        live.abandon(job.id());
    }

    /** Of partitions that have to be read again, from which offset; each is said once. */
    Map<Integer, Long> readAgain() {
        Map<Integer, Long> from = Map.copyOf(again);
        again.clear();
        return from;
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
        ends.say().forEach(live::abandon);
    }

    /** Whether outcomes were counted of which nobody has been told. */
    boolean news() {
        return news;
    }

    /** Says how far jobs are, for those where there is news. */
    void report() {
        long now = System.nanoTime();
        long every = Math.max(PROGRESS_EVERY_NANOS, live.all().size() * PROGRESS_SHARE_NANOS);
        news = false;
        for (Live job : live.all()) {
            Optional<Assembly> assembly = assembly(job);
            if (assembly.isPresent() && job.pace.news(job.spec, assembly.get(), job.waiting())) {
                if (job.pace.due(now, every)) {
                    catalog.progress(job.pace.progress(job.spec, assembly.get(), job.waiting(), now));
                } else {
                    news = true;
                }
            }
        }
    }

    /** How far a job is; of one that cannot even begin, nowhere. */
    private static Optional<Assembly> assembly(Live job) {
        return job.growing != null
                ? Optional.of(job.growing.assembly)
                : job.waiting().map(_ -> new Assembly(job.spec));
    }

    /** Forgets the jobs of a partition that is another's now. */
    void forget(int partition) {
        live.forget(partition);
        ends.forget(partition);
        again.remove(partition);
    }

    /** Writes down what there is, for this aggregator when it comes back; takes no more. */
    void leave(Map<Integer, Long> positions) {
        background.close();
        live.leave(positions);
    }
}
