package io.fanfold.producer.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fanfold.producer.client.JobHandle;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.ResultInfo;
import io.micronaut.core.annotation.Introspected;
import org.jspecify.annotations.Nullable;

/**
 * A job as HTTP tells it.
 *
 * @param state SUBMITTED, RUNNING, or the way it ended
 * @param result where the array can be fetched, once it is COMPLETED and if it is served
 * @param error why there is none
 */
@Introspected
@JsonInclude(JsonInclude.Include.NON_NULL)
record JobView(
        String job,
        String state,
        String function,
        long chunks,
        long chunksDone,
        @Nullable String result,
        @Nullable String error) {
    static JobView of(JobHandle handle) {
        JobState.Progress progress = handle.progress();
        boolean over = handle.over() && !handle.ended().isCompletedExceptionally();
        JobState.@Nullable Terminal end = over ? handle.ended().join() : null;
        return new JobView(
                handle.id().value(),
                end != null ? end.end().name() : progress.done() == 0 ? "SUBMITTED" : "RUNNING",
                handle.spec().header().function().toString(),
                handle.count().orElse(0),
                progress.done(),
                end == null ? null : end.result().flatMap(ResultInfo::http).orElse(null),
                end == null ? null : end.error().orElse(null));
    }
}
