package io.fanfold.aggregator;

import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.wire.ErrorPolicy;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.protocol.wire.JobHeader;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.Strategy;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Jobs to put together. */
public final class SampleJobs {
    public static final JobId ID = new JobId("j1");
    public static final ErrorPolicy FAIL_FAST = new ErrorPolicy.FailFast();

    private SampleJobs() {}

    /** A job that concatenates and fails fast. */
    public static JobRecord.Spec concat(Shape shape, Order order, Plan plan) {
        return of(ID, Fold.CONCAT, FAIL_FAST, shape, order, plan);
    }

    public static JobRecord.Spec of(JobId id, Fold fold, ErrorPolicy errors, Shape shape, Order order, Plan plan) {
        JobHeader header = new JobHeader(
                id,
                new FunctionId("f", "1"),
                Map.of(),
                Strategy.AUTO,
                fold,
                errors,
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.of(shape.dim(plan.axis())),
                plan.axis(),
                0);
        return new JobRecord.Spec(header, "key", "print", "default", DType.parse("<i4"), shape, order, plan);
    }

    /** 10 rows of 3 in 4 chunks: 3, 3, 2, 2 rows. */
    public static JobRecord.Spec tenRows(Fold fold, ErrorPolicy errors) {
        return of(ID, fold, errors, Shape.of(10, 3), Order.C, new Plan.Chunks(0, 4));
    }

    /** The same as a stream that is not sealed. */
    public static JobRecord.Spec stream(JobRecord.Spec spec) {
        JobHeader was = spec.header();
        JobHeader header = new JobHeader(
                was.job(),
                was.function(),
                was.parameters(),
                was.strategy(),
                was.fold(),
                was.errors(),
                was.timeToLiveMs(),
                was.chunkTimeoutMs(),
                OptionalLong.empty(),
                was.axis(),
                was.outcomesPartition());
        return new JobRecord.Spec(
                header,
                spec.key(),
                spec.fingerprint(),
                spec.pool(),
                spec.dtype(),
                spec.shape().with(spec.plan().axis(), 0),
                spec.order(),
                spec.plan(),
                spec.revision());
    }

    /** The job that computes these chunks of another again. */
    public static JobRecord.Spec revision(JobRecord.Spec before, JobId id, List<JobRecord.Revision.Run> holes) {
        JobHeader was = before.header();
        JobRecord.Spec again = of(id, was.fold(), was.errors(), before.shape(), before.order(), before.plan());
        return new JobRecord.Spec(
                again.header(),
                again.key(),
                again.fingerprint(),
                again.pool(),
                again.dtype(),
                again.shape(),
                again.order(),
                again.plan(),
                Optional.of(new JobRecord.Revision(before.job(), 2, holes)));
    }

    /** The runs of a set. */
    public static List<JobRecord.Revision.Run> runs(BitSet chunks) {
        List<JobRecord.Revision.Run> runs = new ArrayList<>();
        for (int first = chunks.nextSetBit(0); first >= 0; ) {
            int end = chunks.nextClearBit(first);
            runs.add(new JobRecord.Revision.Run(first, end - first));
            first = chunks.nextSetBit(end);
        }
        return runs;
    }
}
