package io.fanfold.producer.web;

import io.fanfold.producer.client.JobReport;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.wire.FunctionOffer;
import io.fanfold.protocol.wire.FunctionProfile;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.Strategy;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a pool has before it: its jobs that have not ended, their chunks that have no outcome, and how long those take, one
 * after the other. Pure.
 *
 * @param jobs how many there are in each state
 * @param waiting how many of them cannot go on
 * @param chunks without an outcome; of a job that is not sealed one, since nobody knows how many there will be
 * @param seconds of all these chunks together, as far as is known
 * @param childSeconds of those of them that run in child processes
 */
record RemainingWork(Map<JobReport.State, Long> jobs, long waiting, long chunks, double seconds, double childSeconds) {
    /** What a chunk is thought to take, at least, whose function nobody has measured: what an automatic chunk takes at most. */
    static final double UNMEASURED_SECONDS = 0.5;

    /** That of a pool without jobs. */
    static final RemainingWork NONE = new RemainingWork(Map.of(), 0, 0, 0, 0);

    private static final double MILLIS = 1e3;
    private static final double NANOS = 1e9;

    /**
     * The work of each pool that has some.
     *
     * @param open jobs that have not ended
     * @param offers what workers have said of their functions
     * @param now by a clock like that of whoever accepts jobs
     */
    static Map<String, RemainingWork> of(List<JobReport> open, List<FunctionOffer> offers, Instant now) {
        Map<String, RemainingWork> pools = new HashMap<>();
        for (JobReport job : open) {
            RemainingWork its = of(job, offer(job.spec(), offers), now);
            pools.merge(job.spec().pool(), its, RemainingWork::plus);
        }
        return pools;
    }

    private static Optional<FunctionOffer> offer(JobRecord.Spec spec, List<FunctionOffer> offers) {
        return offers.stream()
                .filter(offer -> offer.pool().equals(spec.pool())
                        && offer.function().id().equals(spec.header().function()))
                .findFirst();
    }

    private static RemainingWork of(JobReport job, Optional<FunctionOffer> offer, Instant now) {
        long chunks = chunksLeft(job);
        double seconds = offer.flatMap(FunctionOffer::profile)
                .filter(known -> known.samples() > 0)
                .map(known -> chunks * secondsOfAChunk(known, chunkBytes(job)))
                .orElseGet(() -> unmeasured(job, chunks, now));
        long waiting = job.waiting().isPresent() ? 1 : 0;
        return new RemainingWork(Map.of(job.state(), 1L), waiting, chunks, seconds, inChild(job, offer) ? seconds : 0);
    }

    /**
     * While no chunk of a job has ended, one takes as long as the job has been there, at least: were it less than chunks of an hour take,
     * workers would be taken away from under them. Later each outcome has its part of that time. As long as chunks are still to be written,
     * it may be its submitter for whom the job waits: then that is said of its first chunk alone, and where nobody knows how many there
     * will be, of none.
     */
    private static double unmeasured(JobReport job, long chunks, Instant now) {
        long ended = chunksEnded(job);
        long first = job.count().isPresent() && ended == 0 ? Math.min(1, chunks) : 0;
        long timed = job.seal().isPresent() ? chunks : first;
        double each = Math.max(UNMEASURED_SECONDS, age(job, now) / Math.max(1, ended));
        return timed * each + (chunks - timed) * UNMEASURED_SECONDS;
    }

    /** Seconds since it was accepted; clocks differ, so it may seem to be yet to come. */
    private static double age(JobReport job, Instant now) {
        return job.accepted()
                .map(accepted -> Math.max(0, Duration.between(accepted, now).toMillis()) / MILLIS)
                .orElse(0.0);
    }

    private static boolean inChild(JobReport job, Optional<FunctionOffer> offer) {
        return job.spec().header().strategy() == Strategy.PROCESSES
                || offer.map(FunctionOffer::function)
                        .filter(f -> !f.runs(Strategy.THREADS) && !f.runs(Strategy.ASYNC))
                        .isPresent();
    }

    /** Outcomes of the job's own chunks: in a revision the others are those of the job before. */
    private static long chunksEnded(JobReport job) {
        if (job.count().isEmpty()) {
            return job.done();
        }
        long wanted = job.spec()
                .revision()
                .map(JobRecord.Revision::chunks)
                .orElse(job.count().getAsLong());
        return wanted - chunksLeft(job);
    }

    /** Chunks of a job without an outcome. A revision computes the holes of another job and no more. */
    static long chunksLeft(JobReport job) {
        if (job.count().isEmpty()) {
            return 1;
        }
        long left = Math.max(0, job.count().getAsLong() - job.done());
        return job.spec()
                .revision()
                .map(revision -> Math.min(left, revision.chunks()))
                .orElse(left);
    }

    /** The longer of what its chunks took of late and what this one's bytes take, since sizes differ from job to job. */
    private static double secondsOfAChunk(FunctionProfile known, double bytes) {
        return Math.max(known.wallMs() / MILLIS, bytes * known.nanosPerByte().orElse(0) / NANOS);
    }

    private static double chunkBytes(JobReport job) {
        JobRecord.Spec spec = job.spec();
        Shape row = spec.shape().with(spec.plan().axis(), 1);
        return spec.dtype().bytes(row) * rowsOfAChunk(job);
    }

    private static double rowsOfAChunk(JobReport job) {
        return switch (job.spec().plan()) {
            case Plan.Rows rows -> rows.rowsPerChunk();
            case Plan.Chunks chunks -> (double) job.rows().orElse(0) / chunks.chunks();
        };
    }

    private RemainingWork plus(RemainingWork other) {
        Map<JobReport.State, Long> all = new EnumMap<>(JobReport.State.class);
        all.putAll(jobs);
        other.jobs.forEach((state, count) -> all.merge(state, count, Long::sum));
        return new RemainingWork(
                all,
                waiting + other.waiting,
                chunks + other.chunks,
                seconds + other.seconds,
                childSeconds + other.childSeconds);
    }

    RemainingWork {
        jobs = Map.copyOf(jobs);
    }

    /** How many jobs are in this state. */
    long jobs(JobReport.State state) {
        return jobs.getOrDefault(state, 0L);
    }
}
