package io.fanfold.protocol.wire;

import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.array.Shape;
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
     */
    record Spec(
            JobHeader header,
            String key,
            String fingerprint,
            String pool,
            DType dtype,
            Shape shape,
            Order order,
            Plan plan)
            implements JobRecord {
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

    /** All chunks of the job are written: {@code count} of them, {@code rows} rows together ({@code <job>/seal}). */
    record Seal(JobId job, long count, long rows) implements JobRecord {}
}
