package io.fanfold.producer.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fanfold.producer.client.JobReport;
import io.fanfold.protocol.wire.JobRecord;
import io.micronaut.core.annotation.Introspected;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A job as HTTP tells it.
 *
 * @param job its id
 * @param key the submitter's own name for it, if it was given one
 * @param state SUBMITTED, RUNNING, or the way it ended; of one whose result is no longer there, LOST or EXPIRED
 * @param function its name and its version
 * @param chunks how many it has, where known
 * @param chunksDone chunks whose outcome has arrived, the failed ones among them
 * @param failed chunks that failed in a job that goes on without them
 * @param rows length of the split axis, where known
 * @param rowsLeft rows of the split axis that are not done, where known
 * @param millisLeft milliseconds until it is done if it goes on as it did, where that can be told
 * @param waiting what it waits for, where it cannot go on
 * @param result where the array can be fetched, once it is COMPLETED
 * @param mask where it can be fetched which rows are missing, if chunks failed
 * @param errors where it can be fetched why
 * @param error why there is no result
 * @param accepted when, by the broker's clock, as ISO 8601
 * @param dtype of the array that came in
 * @param shape of the array that came in, as far as it is known
 */
@Introspected
@JsonInclude(JsonInclude.Include.NON_NULL)
record JobView(
        String job,
        @Nullable String key,
        JobReport.State state,
        @Nullable String function,
        @Nullable String pool,
        @Nullable Long chunks,
        long chunksDone,
        long failed,
        @Nullable Long rows,
        @Nullable Long rowsLeft,
        @Nullable Long millisLeft,
        @Nullable String waiting,
        @Nullable String result,
        @Nullable String mask,
        @Nullable String errors,
        @Nullable String error,
        @Nullable String accepted,
        @Nullable String dtype,
        @Nullable List<Long> shape) {
    static JobView of(JobReport report) {
        JobRecord.Spec spec = report.spec();
        boolean there = report.result().isPresent();
        boolean holes = there && report.holes().isPresent();
        return new JobView(
                report.job().value(),
                spec.claim().isPresent() ? spec.key() : null,
                report.state(),
                spec.header().function().toString(),
                spec.pool(),
                boxed(report.count()),
                report.done(),
                report.failed(),
                boxed(report.rows()),
                boxed(report.rowsLeft()),
                boxed(report.millisLeft()),
                report.waiting().orElse(null),
                there ? path(report, "/result") : null,
                holes ? path(report, "/mask") : null,
                holes ? path(report, "/errors") : null,
                report.error().orElse(null),
                report.accepted().map(Instant::toString).orElse(null),
                spec.dtype().name(),
                shape(report));
    }

    /** A submission that could not become a job. */
    static JobView of(JobRecord.Refusal refusal) {
        return new JobView(
                refusal.job().value(),
                refusal.key(),
                JobReport.State.FAILED,
                null,
                null,
                null,
                0,
                0,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                refusal.error(),
                null,
                null,
                null);
    }

    private static String path(JobReport report, String what) {
        return JobsController.PATH + "/" + report.job() + what;
    }

    private static @Nullable List<Long> shape(JobReport report) {
        OptionalLong rows = report.rows();
        return rows.isEmpty()
                ? null
                : Arrays.stream(report.spec().sealed(rows.getAsLong()).shape().dims())
                        .boxed()
                        .toList();
    }

    private static @Nullable Long boxed(OptionalLong number) {
        return number.isPresent() ? number.getAsLong() : null;
    }
}
