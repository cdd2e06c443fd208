package io.fanfold.producer.web;

import io.fanfold.producer.client.JobReport;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.wire.FunctionOffer;
import io.fanfold.protocol.wire.FunctionProfile;
import io.fanfold.protocol.wire.JobRecord;
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
 */
record RemainingWork(Map<JobReport.State, Long> jobs, long waiting, long chunks, double seconds) {
    /** What a chunk is thought to take whose function nobody has measured: what an automatic chunk takes at most. */
    static final double UNMEASURED_SECONDS = 0.5;

    /** That of a pool without jobs. */
    static final RemainingWork NONE = new RemainingWork(Map.of(), 0, 0, 0);

    private static final double MILLIS = 1e3;
    private static final double NANOS = 1e9;

    /**
     * The work of each pool that has some.
     *
     * @param open jobs that have not ended
     * @param offers what workers have said of their functions
     */
    static Map<String, RemainingWork> of(List<JobReport> open, List<FunctionOffer> offers) {
        Map<String, RemainingWork> pools = new HashMap<>();
        for (JobReport job : open) {
            RemainingWork its = of(job, profile(job.spec(), offers));
            pools.merge(job.spec().pool(), its, RemainingWork::plus);
        }
        return pools;
    }

    private static Optional<FunctionProfile> profile(JobRecord.Spec spec, List<FunctionOffer> offers) {
        return offers.stream()
                .filter(offer -> offer.pool().equals(spec.pool())
                        && offer.function().id().equals(spec.header().function()))
                .findFirst()
                .flatMap(FunctionOffer::profile);
    }

    private static RemainingWork of(JobReport job, Optional<FunctionProfile> profile) {
        long chunks = chunksLeft(job);
        double each = profile.filter(known -> known.samples() > 0)
                .map(known -> secondsOfAChunk(known, chunkBytes(job)))
                .orElse(UNMEASURED_SECONDS);
        long waiting = job.waiting().isPresent() ? 1 : 0;
        return new RemainingWork(Map.of(job.state(), 1L), waiting, chunks, chunks * each);
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
        return new RemainingWork(all, waiting + other.waiting, chunks + other.chunks, seconds + other.seconds);
    }

    RemainingWork {
        jobs = Map.copyOf(jobs);
    }

    /** How many jobs are in this state. */
    long jobs(JobReport.State state) {
        return jobs.getOrDefault(state, 0L);
    }
}
