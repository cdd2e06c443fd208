package io.fanfold.worker.lane;

import io.fanfold.protocol.fold.FoldFunction;
import io.fanfold.protocol.wire.JobHeader;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.worker.function.FanfoldFunction;
import java.util.Map;
import java.util.Optional;

/**
 * A job as this worker understands it, made once for each job.
 *
 * @param function empty where this worker does not have it
 * @param parameters resolved by the function's own description
 * @param fold empty where outcomes are sent as they are: {@code concat}, or a fold that this worker does not have
 * @param refusal why no chunk of it can be computed here, whatever the chunk
 */
record KnownJob(
        JobHeader header,
        Optional<FanfoldFunction> function,
        Map<String, Object> parameters,
        Optional<FoldFunction> fold,
        Optional<String> refusal) {
    JobId id() {
        return header.job();
    }
}
