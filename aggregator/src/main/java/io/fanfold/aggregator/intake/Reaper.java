package io.fanfold.aggregator.intake;

import io.fanfold.aggregator.catalog.Jobs;
import io.fanfold.protocol.wire.Cancel;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.JobState;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Ends the jobs that will not come to their end by themselves: those that somebody wants to be ended, those whose chunks never all
 * came, and those whose outcomes were deleted. One thread.
 */
final class Reaper {
    private final Jobs jobs;
    private final Ends ends;
    private final LiveJobs live;
    private final Duration abandonAfter;
    private final String topic;
    /** Partitions whose log begins above what was committed: somebody has deleted outcomes that were needed. */
    private final Set<Integer> torn = new HashSet<>();

    /**
     * @param abandonAfter how long a job may be silent that is not sealed
     * @param topic of the outcomes
     */
    Reaper(Jobs jobs, Assembler assembler, Duration abandonAfter, String topic) {
        this.jobs = jobs;
        this.ends = assembler.ends();
        this.live = assembler.live();
        this.abandonAfter = abandonAfter;
        this.topic = topic;
    }

    /** Outcomes of this partition that were needed are not there any more. */
    void torn(int partition) {
        torn.add(partition);
    }

    /** Another owns it now. */
    void forget(int partition) {
        torn.remove(partition);
    }

    /** Ends the jobs of these partitions that somebody wants to be ended. */
    void cancel(IntPredicate owned) {
        for (Cancel request : jobs.cancels()) {
            jobs.find(request.job())
                    .filter(spec -> owned.test(spec.header().outcomesPartition()))
                    .ifPresent(spec -> ends.end(spec, JobState.End.CANCELLED, request.reason()));
        }
    }

    /**
     * Ends the jobs from which nothing more will come.
     *
     * @param read the partitions of ours of which all outcomes that there are have been read: what has not been read may be of those
     *     jobs
     */
    void look(IntPredicate read) {
        expire(read);
        for (int partition : List.copyOf(torn)) {
            if (read.test(partition)) {
                torn.remove(partition);
                mourn(partition);
            }
        }
    }

    /** A job that is not sealed, with outcomes or without, and of which nothing was heard for long. */
    private void expire(IntPredicate read) {
        long now = System.currentTimeMillis();
        for (Jobs.Open job : List.copyOf(jobs.open())) {
            JobRecord.Spec spec = job.spec();
            long heard = Math.max(job.millis(), live.lastMillis(spec.job()));
            if (!job.sealed()
                    && now - heard > abandonAfter.toMillis()
                    && read.test(spec.header().outcomesPartition())) {
                ends.end(
                        spec,
                        JobState.End.EXPIRED,
                        "its chunks were never all sent, and nothing was heard of it for " + abandonAfter.toSeconds()
                                + " s: whoever submitted it is gone; submit it again");
            }
        }
    }

    /** Of which fewer outcomes are there than were there once: the others will not come again. */
    private void mourn(int partition) {
        for (Jobs.Open job : List.copyOf(jobs.open())) {
            long said = jobs.saidDone(job.spec().job());
            long done = live.done(job.spec().job());
            if (job.spec().header().outcomesPartition() == partition && done < said) {
                ends.fail(
                        job.spec(),
                        (said - done) + " outcomes were deleted from the broker before the job was done: partition "
                                + partition + " of " + topic
                                + " begins above the committed offset; look at its retention, and submit the job"
                                + " again");
            }
        }
    }
}
