package io.fanfold.producer.dispatch;

import io.fanfold.producer.split.ChunkSize;
import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.fold.FoldException;
import io.fanfold.protocol.fold.Folds;
import io.fanfold.protocol.npy.NpyHeader;
import io.fanfold.protocol.wire.ErrorPolicy;
import io.fanfold.protocol.wire.Fingerprint;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.JobHeader;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.Records;
import io.fanfold.protocol.wire.Strategy;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a submitter asks for, before it is a job.
 *
 * @param key the submitter's own name for it, if it has one
 * @param parameters as given; resolved at acceptance
 * @param errors what a failed chunk does to the job
 * @param axis the split axis; negative counts from the last
 */
public record Acceptance(
        Optional<String> key,
        FunctionDescription function,
        Map<String, ?> parameters,
        String pool,
        Strategy strategy,
        Fold fold,
        ErrorPolicy errors,
        int axis,
        ChunkSize chunkSize,
        Limits limits) {
    /** A request that fails with its first failed chunk. */
    public Acceptance(
            Optional<String> key,
            FunctionDescription function,
            Map<String, ?> parameters,
            String pool,
            Strategy strategy,
            Fold fold,
            int axis,
            ChunkSize chunkSize,
            Limits limits) {
        this(key, function, parameters, pool, strategy, fold, new ErrorPolicy.FailFast(), axis, chunkSize, limits);
    }

    /**
     * Makes it a job: parameters checked, the plan fixed, an id generated.
     *
     * @throws io.fanfold.protocol.wire.WireException if the function does not take the dtype, a parameter or the strategy, or
     *     the parameters are too long for a header
     * @throws io.fanfold.protocol.InvalidRequestException if the array cannot be cut as asked, or the fold does not take what
     *     the function answers
     */
    public JobRecord.Spec accept(NpyHeader array, int outcomePartitions, long maxValueBytes) {
        function.requireStrategy(strategy);
        Map<String, Object> resolved = function.resolve(parameters);
        Plan plan = chunkSize.plan(array, axis, outputItemSize(array.dtype()), maxValueBytes);
        JobId job = JobId.generate();
        JobHeader header = new JobHeader(
                job,
                function.id(),
                resolved,
                strategy,
                fold,
                errors,
                limits.timeToLiveMs(),
                limits.chunkTimeoutMs(),
                OptionalLong.of(array.shape().dim(plan.axis())),
                plan.axis(),
                Math.floorMod(job.value().hashCode(), outcomePartitions));
        var _ = Records.headerBytes(header); // what its chunks cannot carry is refused here
        return new JobRecord.Spec(
                header,
                key.orElse(job.value()),
                Fingerprint.of(function.id(), resolved, fold, array.dtype(), array.shape(), plan),
                pool,
                array.dtype(),
                array.shape(),
                array.order(),
                plan);
    }

    /** What is folded by the workers hardly counts, so that the plan follows from the array alone. */
    private int outputItemSize(DType dtype) {
        if (fold.equals(Fold.CONCAT)) {
            return function.itemSizeOf(dtype);
        }
        Folds.builtIn().requirePlausible(fold);
        function.answerTo(dtype).ifPresent(this::checkFold);
        return 0;
    }

    /** A fold that is not built in is its workers' to check. */
    private void checkFold(DType answer) {
        try {
            Folds.builtIn().find(fold).ifPresent(f -> f.check(answer));
        } catch (FoldException e) {
            throw new InvalidRequestException(
                    function.id().name() + " answers " + answer.name() + ", and " + e.getMessage(), e);
        }
    }
}
