package io.fanfold.aggregator.intake;

import io.fanfold.aggregator.assemble.Assembly;
import io.fanfold.aggregator.catalog.Jobs;
import io.fanfold.aggregator.store.Checkpoint;
import io.fanfold.aggregator.store.Moments;
import io.fanfold.aggregator.store.Spools;
import io.fanfold.protocol.array.ArrayFormatException;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import java.io.IOException;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs that an aggregator is putting together, and what it has of them on its disk: how they begin, go on from a checkpoint and
 * leave. One thread.
 */
final class LiveJobs {
    private static final Logger LOG = LoggerFactory.getLogger(LiveJobs.class);

    private final Jobs jobs;
    private final Spools spools;
    private final Fit fit;
    private final Moments moments;
    private final Background background;
    private final Checkpoints checkpoints;
    private final Map<JobId, Live> live = new HashMap<>();
    /** Jobs that were given up and whose spools are still in use, or there: they do not begin again before these are gone. */
    private final Set<JobId> leaving = new HashSet<>();

    LiveJobs(Intake.Parts parts, Fit fit, Background background) {
        this.jobs = parts.jobs();
        this.spools = parts.spools();
        this.fit = fit;
        this.moments = parts.moments();
        this.background = background;
        this.checkpoints = new Checkpoints(
                spools, background, moments, live.values(), parts.policy().checkpointBytes());
    }

    /** All of them, as they are at any time. */
    Collection<Live> all() {
        return Collections.unmodifiableCollection(live.values());
    }

    @Nullable
    Live find(JobId job) {
        return live.get(job);
    }

    /** Whether what was given up of a job is still there: it cannot begin yet. */
    boolean leaving(JobId job) {
        return leaving.contains(job);
    }

    /** From here on the committed offset stays in front of the job's first outcome, until its end is said. */
    Live begin(JobRecord.Spec spec, long firstOffset) {
        Live job = new Live(spec, firstOffset, new Pace(System.nanoTime()));
        live.put(spec.job(), job);
        return job;
    }

    /** Gives a job a spool to grow in. */
    Growing grow(Live job) throws IOException {
        Growing growing = new Growing(
                job.spec, fit.fold(job.spec), job.firstOffset, new Assembly(job.spec), spools.open(job.id()), moments);
        job.growing = growing;
        return growing;
    }

    /** Gives a job up, if it is one of these. */
    void abandon(JobId id) {
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
        if (fit.unfit(spec).isPresent() || Assembly.contradicts(spec, checkpoint.assembly())) {
            return false;
        }
        try {
            Live job = new Live(spec, checkpoint.firstOffset(), new Pace(System.nanoTime()));
            job.checkpointed = checkpoint.position();
            Growing growing = new Growing(
                    spec,
                    fit.fold(spec),
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
        } catch (IOException | ArrayFormatException e) {
            LOG.atWarn()
                    .addKeyValue("job", id)
                    .addKeyValue("error", e.toString())
                    .log("a checkpoint cannot be taken up: the job is built again from its outcomes");
            return false;
        }
    }

    /** Forgets the jobs of a partition that is another's now: the new owner rebuilds them from the topic. */
    void forget(int partition) {
        List<JobId> theirs = live.values().stream()
                .filter(job -> job.partition == partition)
                .map(Live::id)
                .toList();
        theirs.forEach(this::abandon);
        checkpoints.forget(partition);
    }

    /** Removes what is on the disk of jobs that have ended elsewhere. */
    void sweep() {
        Set<JobId> needed = jobs.open().stream().map(job -> job.spec().job()).collect(Collectors.toSet());
        background.run(
                () -> {
                    spools.sweep(needed::contains);
                    return true;
                },
                _ -> {},
                e -> LOG.warn("what is left of jobs could not be removed", e));
    }

    /** Writes down what there is, for this aggregator when it comes back; takes no more. The background is closed. */
    void leave(Map<Integer, Long> positions) {
        checkpoints.makeAll(positions);
        live.values().forEach(LiveJobs::leave);
        live.clear();
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
