package io.fanfold.producer.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.client.JobReport;
import io.fanfold.protocol.wire.ResultInfo;
import io.micronaut.core.annotation.Introspected;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A job as HTTP tells it.
 *
 * @param state SUBMITTED, RUNNING, or the way it ended; of one whose result is no longer there, LOST or EXPIRED
 * @param chunksDone chunks whose outcome has arrived, the failed ones among them
 * @param failed chunks that failed in a job that goes on without them
 * @param rowsLeft rows of the split axis that are not done, where known
 * @param millisLeft milliseconds until it is done if it goes on as it did, where that can be told
 * @param waiting what it waits for, where it cannot go on
 * @param result where the array can be fetched, once it is COMPLETED and if it is served
 * @param mask where it is served which rows are missing, if chunks failed
 * @param errors where it is served why
 * @param error why there is no result
 */
@Introspected
@JsonInclude(JsonInclude.Include.NON_NULL)
record JobView(
        String job,
        String state,
        String function,
        long chunks,
        long chunksDone,
        long failed,
        @Nullable Long rowsLeft,
        @Nullable Long millisLeft,
        @Nullable String waiting,
        @Nullable String result,
        @Nullable String mask,
        @Nullable String errors,
        @Nullable String error) {
    static JobView of(JobHandle handle) {
        JobReport report = handle.report();
        Optional<ResultInfo> result = report.result();
        Optional<ResultInfo.Holes> holes = result.flatMap(ResultInfo::holes);
        return new JobView(
                report.job().value(),
                report.state().name(),
                report.spec().header().function().toString(),
                report.count().orElse(0),
                report.done(),
                report.failed(),
                boxed(report.rowsLeft()),
                boxed(report.millisLeft()),
                report.waiting().orElse(null),
                result.flatMap(ResultInfo::http).orElse(null),
                holes.flatMap(ResultInfo.Holes::mask).orElse(null),
                holes.flatMap(ResultInfo.Holes::errors).orElse(null),
                report.error().orElse(null));
    }

    private static @Nullable Long boxed(OptionalLong number) {
        return number.isPresent() ? number.getAsLong() : null;
    }
}
