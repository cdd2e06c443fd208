package io.fanfold.producer.dispatch;

import io.fanfold.producer.source.Incoming;
import io.fanfold.producer.split.ChunkSize;
import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.array.Shape;
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
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What a submitter asks for, before it is a job.
 *
 * @param key the submitter's own name for it, if it has one
 * @param parameters as given; resolved at acceptance
 * @param errors what a failed chunk does to the job
 * @param axis the split axis; negative counts from the last
 * @param codec of the job's chunks; empty: whichever is worth it
 * @param workers what those say that shall compute it
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
        Limits limits,
        Optional<Codec> codec,
        Workers workers) {
    /** A request to workers of which nothing is known. */
    public Acceptance(
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
        this(
                key,
                function,
                parameters,
                pool,
                strategy,
                fold,
                errors,
                axis,
                chunkSize,
                limits,
                Optional.empty(),
                Workers.UNKNOWN);
    }

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
        return accept(Incoming.of(array), outcomePartitions, maxValueBytes, Optional.empty());
    }

    /**
     * As {@link #accept(NpyHeader, int, long)}, for an array that may be endless.
     *
     * @param after the job that had its key and ended without a result
     * @throws io.fanfold.protocol.wire.WireException as there
     * @throws io.fanfold.protocol.InvalidRequestException as there; or if an endless array cannot be cut as asked
     */
    public JobRecord.Spec accept(Incoming array, int outcomePartitions, long maxValueBytes, Optional<JobId> after) {
        function.requireStrategy(strategy);
        Map<String, Object> resolved = function.resolve(parameters);
        Plan plan = plan(array, maxValueBytes);
        NpyHeader header = array.header();
        JobId job = JobId.generate();
        JobHeader constant = new JobHeader(
                job,
                function.id(),
                resolved,
                strategy,
                fold,
                errors,
                limits.timeToLiveMs(),
                limits.chunkTimeoutMs(),
                array.endless()
                        ? OptionalLong.empty()
                        : OptionalLong.of(header.shape().dim(plan.axis())),
                plan.axis(),
                Math.floorMod(job.value().hashCode(), outcomePartitions));
        var _ = Records.headerBytes(constant); // what its chunks cannot carry is refused here
        return new JobRecord.Spec(
                constant,
                key.orElse(job.value()),
                fingerprint(array, resolved, plan),
                pool,
                header.dtype(),
                array.endless() ? header.shape().with(0, 0) : header.shape(),
                header.order(),
                plan,
                Optional.empty(),
                key.map(_ -> new JobRecord.Claim(after, array.head())));
    }

    /**
     * Whether a job is what is asked for here, so that asking again under its key means that job. Where the plan was left to us, that of
     * the job is taken.
     */
    public boolean asksFor(JobRecord.Spec job, Incoming array, long maxValueBytes) {
        Plan plan = chunkSize instanceof ChunkSize.Automatic
                        && axis(array) == job.plan().axis()
                ? job.plan()
                : plan(array, maxValueBytes);
        Optional<String> head = job.claim().flatMap(JobRecord.Claim::head);
        boolean sameHead = head.isEmpty() || array.head().isEmpty() || head.equals(array.head());
        return sameHead
                && fingerprint(array, function.resolve(parameters), plan).equals(job.fingerprint());
    }

    private String fingerprint(Incoming array, Map<String, Object> resolved, Plan plan) {
        NpyHeader header = array.header();
        Shape shape = array.endless() ? header.shape().with(0, 0) : header.shape();
        return Fingerprint.of(function.id(), resolved, fold, header.dtype(), shape, plan);
    }

    private int axis(Incoming array) {
        return axis < 0 ? axis + array.header().shape().rank() : axis;
    }

    private Plan plan(Incoming array, long maxValueBytes) {
        NpyHeader header = array.header();
        int item = outputItemSize(header.dtype());
        OptionalDouble cost = fold.equals(Fold.CONCAT) ? workers.nanosPerByte() : OptionalDouble.empty();
        return array.endless()
                ? chunkSize.planEndless(header, axis(array), item, maxValueBytes, cost)
                : chunkSize.plan(header, axis, item, maxValueBytes, cost);
    }

    /** How a chunk shall be compressed, given the first of them. */
    public Codec codecFor(byte[] chunk) {
        return codec.orElseGet(() -> Codec.choose(chunk, workers.readable()));
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
