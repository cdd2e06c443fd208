package io.fanfold.producer.web;

import io.fanfold.producer.client.JobReport;
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
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.Strategy;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What is said of jobs of 100 rows of 8 bytes in 10 chunks. */
final class Reports {
    private Reports() {}

    static JobReport job(String id, String pool) {
        return report(spec(id, pool, new Plan.Chunks(0, 10), OptionalLong.of(100), Optional.empty()));
    }

    static JobReport job(String id, String pool, Strategy strategy) {
        return report(spec(id, pool, new Plan.Chunks(0, 10), OptionalLong.of(100), Optional.empty(), strategy));
    }

    static JobReport report(JobRecord.Spec spec) {
        return new JobReport(
                spec, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    static JobReport running(JobReport job, long done, Optional<String> waiting) {
        JobState.Progress progress = new JobState.Progress(
                job.job(), done, job.count(), 10 * done, job.rows(), 0, OptionalLong.empty(), waiting, done);
        return new JobReport(
                job.spec(), job.accepted(), job.seal(), Optional.of(progress), Optional.empty(), Optional.empty());
    }

    /** A job that was accepted then. */
    static JobReport accepted(JobReport job, Instant at) {
        return new JobReport(
                job.spec(), Optional.of(at), job.seal(), job.progress(), Optional.empty(), Optional.empty());
    }

    /** A job whose chunks are all written; a stream has two. */
    static JobReport sealed(JobReport job) {
        JobRecord.Seal seal =
                new JobRecord.Seal(job.job(), job.count().orElse(2), job.rows().orElse(20));
        return new JobReport(
                job.spec(), job.accepted(), Optional.of(seal), job.progress(), Optional.empty(), Optional.empty());
    }

    static JobRecord.Spec spec(
            String id, String pool, Plan plan, OptionalLong rows, Optional<JobRecord.Revision> revision) {
        return spec(id, pool, plan, rows, revision, Strategy.AUTO);
    }

    private static JobRecord.Spec spec(
            String id,
            String pool,
            Plan plan,
            OptionalLong rows,
            Optional<JobRecord.Revision> revision,
            Strategy strategy) {
        JobHeader header = new JobHeader(
                new JobId(id),
                FunctionId.parse("f@1"),
                Map.of(),
                strategy,
                Fold.CONCAT,
                new ErrorPolicy.KeepGoing(9),
                OptionalLong.empty(),
                OptionalLong.empty(),
                rows,
                0,
                0);
        return new JobRecord.Spec(
                header, id, "print", pool, DType.parse("<f8"), Shape.of(rows.orElse(0)), Order.C, plan, revision);
    }

    /** A stream of chunks of 10 rows; nobody knows how many. */
    static JobReport stream(String id, String pool) {
        return report(spec(id, pool, new Plan.Rows(0, 10), OptionalLong.empty(), Optional.empty()));
    }

    static JobReport ended(JobReport job, JobState.End end) {
        JobState.Terminal terminal = new JobState.Terminal(job.job(), end, Optional.empty(), Optional.empty());
        return new JobReport(
                job.spec(), job.accepted(), job.seal(), job.progress(), Optional.of(terminal), Optional.empty());
    }
}
