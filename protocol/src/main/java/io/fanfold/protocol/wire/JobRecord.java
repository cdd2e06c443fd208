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
     * @param claim how it claims its key, where the submitter gave one
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
            Optional<Revision> revision,
            Optional<Claim> claim)
            implements JobRecord {
        /** The acceptance of an array under no key but its own. */
        public Spec(
                JobHeader header,
                String key,
                String fingerprint,
                String pool,
                DType dtype,
                Shape shape,
                Order order,
                Plan plan) {
            this(header, key, fingerprint, pool, dtype, shape, order, plan, Optional.empty(), Optional.empty());
        }

        /** The acceptance of a revision. */
        public Spec(
                JobHeader header,
                String key,
                String fingerprint,
                String pool,
                DType dtype,
                Shape shape,
                Order order,
                Plan plan,
                Optional<Revision> revision) {
            this(header, key, fingerprint, pool, dtype, shape, order, plan, revision, Optional.empty());
        }

        /** Its rows as they turned out, for a stream that is sealed now. */
        public Spec sealed(long rows) {
            return new Spec(
                    header.withRows(rows),
                    key,
                    fingerprint,
                    pool,
                    dtype,
                    shape.with(plan.axis(), rows),
                    order,
                    plan,
                    revision,
                    claim);
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

    /**
     * A claim to a key. Of the specs of a key the first holds it, until one comes that is {@code after} the holder; others that claim it
     * were too late and are no jobs.
     *
     * @param after the job that held the key and ended without a result
     * @param head CRC-32C of the first {@link #HEAD_BYTES} bytes of the array's data, or of all if there are fewer, as eight
     *     hexadecimal digits; empty where the acceptor had none
     */
    record Claim(Optional<JobId> after, Optional<String> head) {
        /** How much of an array is looked at to tell it from another of the same shape. */
        public static final int HEAD_BYTES = 64 * 1024;
    }

    /**
     * All chunks of the job are written: {@code count} of them, {@code rows} rows together ({@code <job>/seal}).
     *
     * @param crc32c of the array's data in its memory order, as eight hexadecimal digits, where known
     */
    record Seal(JobId job, long count, long rows, Optional<String> crc32c) implements JobRecord {
        public Seal(JobId job, long count, long rows) {
            this(job, count, rows, Optional.empty());
        }
    }

    /**
     * A submission that could not become a job ({@code <job>/refusal}): for those who look for it. It has FAILED.
     *
     * @param key what the submitter would look for it by
     * @param error why: one line
     * @param outcomesPartition whose owner forgets it in time
     */
    record Refusal(JobId job, String key, String error, int outcomesPartition) implements JobRecord {}
}
