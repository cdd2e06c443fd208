package io.fanfold.aggregator.intake;

import io.fanfold.aggregator.assemble.ResultLayout;
import io.fanfold.aggregator.assemble.Verdict;
import io.fanfold.aggregator.catalog.Catalog;
import io.fanfold.aggregator.catalog.Jobs;
import io.fanfold.aggregator.store.DirectoryStore;
import io.fanfold.aggregator.store.Spool;
import io.fanfold.protocol.array.ArrayFormatException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.array.Reorder;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.npy.NpyHeader;
import io.fanfold.protocol.wire.Cancel;
import io.fanfold.protocol.wire.ErrorPolicy;
import io.fanfold.protocol.wire.Failure;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.Outcome;
import io.fanfold.protocol.wire.ResultInfo;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves jobs along, outcome by outcome: each goes to its job's spool once; a job that is whole becomes a result, and only then is
 * it said to be COMPLETED. One thread.
 */
final class Assembler {
    private static final Logger LOG = LoggerFactory.getLogger(Assembler.class);

    private final Jobs jobs;
    private final Catalog catalog;
    private final DirectoryStore store;
    private final MeterRegistry meters;
    private final Map<JobId, Growing> growing = new HashMap<>();

    Assembler(Jobs jobs, Catalog catalog, DirectoryStore store, MeterRegistry meters) {
        this.jobs = jobs;
        this.catalog = catalog;
        this.store = store;
        this.meters = meters;
        meters.gaugeMapSize("fanfold.jobs.growing", java.util.List.of(), growing);
    }

    /** One outcome, read at this offset of this partition. Outcomes of unknown and of ended jobs are dropped and counted. */
    void accept(Outcome outcome, int partition, long offset) {
        JobId id = outcome.job();
        if (jobs.ended(id)) {
            drop("ended");
            return;
        }
        Growing job = growing.get(id);
        if (job == null) {
            Optional<JobRecord.Spec> spec = jobs.find(id);
            if (spec.isEmpty() || spec.get().header().outcomesPartition() != partition) {
                drop("unknown");
                return;
            }
            job = begin(spec.get(), partition, offset);
            if (job == null) {
                return;
            }
        }
        if (job.partition != partition) {
            drop("unknown"); // a successor would look for it in the job's own partition only
            return;
        }
        if (outcome.index() >= job.assembly.count()) {
            drop("unknown");
            return;
        }
        if (job.assembly.arrived(outcome.index())) {
            drop("duplicate"); // whatever this one says: the first that was computed counts
            return;
        }
        switch (outcome) {
            case Outcome.Computed computed -> computed(job, computed);
            case Outcome.Failed failed -> failed(job, failed);
        }
    }

    private @org.jspecify.annotations.Nullable Growing begin(JobRecord.Spec spec, int partition, long offset) {
        Optional<String> unfit = unfit(spec);
        if (unfit.isPresent()) {
            end(partition, JobState.Terminal.ended(spec.job(), JobState.End.FAILED, unfit.get()));
            return null;
        }
        Growing job = new Growing(spec, partition, offset);
        growing.put(spec.job(), job);
        return job;
    }

    private static Optional<String> unfit(JobRecord.Spec spec) {
        if (!spec.header().fold().equals(Fold.CONCAT)) {
            return Optional.of("fold " + spec.header().fold() + " is not available yet; concat is");
        }
        if (spec.header().errors() instanceof ErrorPolicy.KeepGoing) {
            return Optional.of("error policy keep-going is not available yet; fail-fast is");
        }
        if (spec.count().isEmpty()) {
            return Optional.of("arrays of unknown length are not available yet; give rows in the job's spec");
        }
        return spec.count().getAsLong() > Plan.MOST_CHUNKS
                ? Optional.of(spec.count().getAsLong() + " chunks are more than " + Plan.MOST_CHUNKS)
                : Optional.empty();
    }

    private void computed(Growing job, Outcome.Computed outcome) {
        String where = "the outcome of chunk " + outcome.index();
        try {
            ArraySlice rows = Npy.decode(MemorySegment.ofBuffer(outcome.npy()), where);
            Verdict verdict =
                    job.assembly.accept(outcome.index(), new NpyHeader(rows.dtype(), rows.shape(), rows.order()));
            switch (verdict) {
                case Verdict.Place place -> place(job, place, rows);
                case Verdict.Drop(String why) -> {
                    LOG.atDebug().addKeyValue("job", outcome.job()).log(why);
                    drop("duplicate");
                }
                case Verdict.Break(String why) -> fail(job, why);
            }
        } catch (ArrayFormatException e) {
            fail(job, e.getMessage());
        } catch (IOException e) {
            fail(job, "the result cannot be stored: " + e);
        }
    }

    private void place(Growing job, Verdict.Place place, ArraySlice rows) throws IOException {
        Spool spool = job.spool;
        if (spool == null) {
            spool = store.open(job.spec.job(), job.assembly.layout());
            job.spool = spool;
        }
        spool.write(place.offset(), Reorder.to(job.spec.order(), rows).data().asByteBuffer());
        meters.counter("fanfold.outcomes", "verdict", "placed").increment();
        if (job.assembly.complete()) {
            complete(job, spool);
        }
    }

    private void complete(Growing job, Spool spool) throws IOException {
        ResultLayout layout = job.assembly.layout();
        ResultInfo result = store.publish(job.spec.job(), spool, layout);
        growing.remove(job.spec.job());
        catalog.progress(job.progress(System.nanoTime()));
        end(job.partition, JobState.Terminal.completed(job.spec.job(), result));
    }

    private void failed(Growing job, Outcome.Failed outcome) {
        Failure f = outcome.failure();
        long rows = job.spec.header().rows().orElseThrow();
        long length = job.spec.plan().range(outcome.index(), rows).length();
        fail(
                job,
                "chunk " + outcome.index() + " (rows " + f.start() + " to " + (f.start() + length) + " along axis "
                        + job.spec.plan().axis() + ") failed in " + f.function() + " with "
                        + f.error().substring(f.error().lastIndexOf('.') + 1) + ": " + f.message());
    }

    private void fail(Growing job, String why) {
        abandon(job);
        end(job.partition, JobState.Terminal.ended(job.spec.job(), JobState.End.FAILED, why));
    }

    void cancel(Cancel request, Predicate<Integer> owned) {
        Optional<JobRecord.Spec> spec = jobs.find(request.job());
        if (spec.isEmpty()
                || jobs.ended(request.job())
                || !owned.test(spec.get().header().outcomesPartition())) {
            return;
        }
        Growing job = growing.get(request.job());
        if (job != null) {
            abandon(job);
        }
        end(
                spec.get().header().outcomesPartition(),
                JobState.Terminal.ended(request.job(), JobState.End.CANCELLED, request.reason()));
    }

    private void end(int partition, JobState.Terminal state) {
        if (catalog.end(partition, state)) {
            LOG.atInfo()
                    .addKeyValue("job", state.job())
                    .addKeyValue("state", state.end())
                    .log("job ended");
            meters.counter("fanfold.jobs.ended", "state", state.end().name()).increment();
        }
    }

    private void abandon(Growing job) {
        growing.remove(job.spec.job());
        try {
            job.discard();
        } catch (IOException e) {
            LOG.warn("a spool could not be removed", e);
        }
    }

    private void drop(String why) {
        meters.counter("fanfold.outcomes", "verdict", why).increment();
    }

    /** Says how far jobs are, for those where there is news. */
    void report() {
        long now = System.nanoTime();
        growing.values().stream().filter(job -> job.due(now)).forEach(job -> catalog.progress(job.progress(now)));
    }

    /** The first offset of a partition that an unfinished job still needs; {@code position} if there is none. */
    long safeOffset(int partition, long position) {
        long safe = position;
        for (Growing job : growing.values()) {
            if (job.partition == partition) {
                safe = Math.min(safe, job.firstOffset);
            }
        }
        return safe;
    }

    /** Forgets the jobs of a partition that is another's now: the new owner rebuilds them from the topic. */
    void forget(int partition) {
        for (Iterator<Growing> all = java.util.List.copyOf(growing.values()).iterator(); all.hasNext(); ) {
            Growing job = all.next();
            if (job.partition == partition) {
                abandon(job);
            }
        }
    }
}
