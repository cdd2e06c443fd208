package io.fanfold.protocol.wire;

import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.array.Shape;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What the jobs topic says of a job. Each is written once, under a key of its own, and never rewritten. */
public sealed interface JobRecord {
    JobId job();

    /**
     * The acceptance, written before the first chunk ({@code <job>/spec}).
     *
     * @param key the submitter's idempotency key; the job's own id where none was given
     * @param fingerprint function, parameters, dtype, shape and plan in one digest: the same key with another fingerprint
     *     is a conflict
     * @param pool the workers that shall compute it
     * @param shape the array's shape; its length along the split axis counts only where {@code header.rows()} is known
     * @param order the memory order of the array, of its chunks and of the result
     * @param revision what it makes whole, if it computes the missing chunks of a job before
     */
    record Spec(
            JobHeader header,
            String key,
            String fingerprint,
            String pool,
            DType dtype,
            Shape shape,
            Order order,
            Plan plan,
            Optional<Revision> revision)
            implements JobRecord {
        /** The acceptance of an array. */
        public Spec(
                JobHeader header,
                String key,
                String fingerprint,
                String pool,
                DType dtype,
                Shape shape,
                Order order,
                Plan plan) {
            this(header, key, fingerprint, pool, dtype, shape, order, plan, Optional.empty());
        }

        @Override
        public JobId job() {
            return header.job();
        }

        /** How many chunks the job has; empty for a stream that is not sealed. */
        public OptionalLong count() {
            OptionalLong rows = header.rows();
            return rows.isPresent() ? OptionalLong.of(plan.count(rows.getAsLong())) : OptionalLong.empty();
        }
    }

    /**
     * A job that computes the missing chunks of another, which has completed without them, and whose result is that of the other with
     * these filled in.
     *
     * @param of the job that it makes whole
     * @param number 2 for the first revision of a result, then counting up
     * @param holes the chunks to be computed, in runs, ascending
     */
    record Revision(JobId of, int number, List<Run> holes) {
        public Revision {
            holes = List.copyOf(holes);
            long end = 0;
            for (Run run : holes) {
                if (run.first() < end || run.count() < 1 || run.first() + run.count() < run.first()) {
                    throw new WireException("the holes of a revision are runs of chunks, ascending: " + run
                            + " does not begin behind chunk " + (end - 1));
                }
                end = run.first() + run.count();
            }
        }

        /** Chunks {@code first} to {@code first + count - 1}. */
        public record Run(long first, long count) {}

        /** How many chunks are to be computed. */
        public long chunks() {
            return holes.stream().mapToLong(Run::count).sum();
        }
    }

    /** All chunks of the job are written: {@code count} of them, {@code rows} rows together ({@code <job>/seal}). */
    record Seal(JobId job, long count, long rows) implements JobRecord {}
}
