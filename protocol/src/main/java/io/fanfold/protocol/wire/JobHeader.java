package io.fanfold.protocol.wire;

import java.util.Map;
import java.util.OptionalLong;

/**
 * All that is constant in a job and that a worker must know: the {@code fanfold-job} header of each of its chunks.
 *
 * @param parameters the function's parameters, resolved: text, whole numbers ({@code Long}), numbers ({@code Double}) and booleans
 * @param timeToLiveMs milliseconds from a chunk's broker timestamp after which it is not worth computing; empty: no limit
 * @param chunkTimeoutMs milliseconds that one attempt at a chunk may run; empty: as long as the worker allows
 * @param rows length of the split axis; empty while a stream of unknown length is being accepted
 * @param axis the split axis, at least 0
 * @param outcomesPartition the partition of the outcomes topic on which the job's owner reads, at least 0
 */
public record JobHeader(
        JobId job,
        FunctionId function,
        Map<String, Object> parameters,
        Strategy strategy,
        Fold fold,
        ErrorPolicy errors,
        OptionalLong timeToLiveMs,
        OptionalLong chunkTimeoutMs,
        OptionalLong rows,
        int axis,
        int outcomesPartition) {
    public JobHeader {
        parameters = Map.copyOf(parameters);
    }

    /** The same, with a length that was not known before. */
    JobHeader withRows(long length) {
        return new JobHeader(
                job,
                function,
                parameters,
                strategy,
                fold,
                errors,
                timeToLiveMs,
                chunkTimeoutMs,
                OptionalLong.of(length),
                axis,
                outcomesPartition);
    }
}
