package io.fanfold.producer.client;

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
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.ResultInfo;
import io.fanfold.protocol.wire.Strategy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Reports of jobs of 10 rows in 4 chunks that keep going, and of their revisions. */
final class Reports {
    /** Nothing is reached. */
    static final Reach REACH =
            new Reach(KafkaSettings.at("127.0.0.1:1"), "test", new Results(Optional.empty()), (_, _) -> {});

    private Reports() {}

    static JobRecord.Spec spec(String id, Optional<JobRecord.Revision> revision) {
        JobHeader header = new JobHeader(
                new JobId(id),
                FunctionId.parse("f@1"),
                Map.of("kept", "7", "changed", 1L),
                Strategy.AUTO,
                Fold.CONCAT,
                new ErrorPolicy.KeepGoing(9),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.of(10),
                0,
                0);
        return new JobRecord.Spec(
                header,
                id,
                "print",
                "default",
                DType.parse("<f8"),
                Shape.of(10),
                Order.C,
                new Plan.Chunks(0, 4),
                revision);
    }

    /** An accepted job of which nothing more is known. */
    static JobReport submitted(String id) {
        return report(spec(id, Optional.empty()));
    }

    /** An accepted revision, named after its root. */
    static JobReport revision(String root, int number, String of) {
        var holes = List.of(new JobRecord.Revision.Run(1, 1));
        return report(spec(root + "-r" + number, Optional.of(new JobRecord.Revision(new JobId(of), number, holes))));
    }

    private static JobReport report(JobRecord.Spec spec) {
        return new JobReport(
                spec, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    static JobReport ended(JobReport r, JobState.Terminal end) {
        return new JobReport(r.spec(), r.accepted(), r.seal(), r.progress(), Optional.of(end), r.gone());
    }

    static JobReport failed(JobReport r) {
        return ended(r, JobState.Terminal.ended(r.job(), JobState.End.FAILED, "too bad"));
    }

    /** COMPLETED without so many chunks. */
    static JobReport completed(JobReport r, long holes) {
        ResultInfo result = new ResultInfo(
                "<f8",
                "(10,)",
                208,
                "0badcafe",
                "file:///x",
                Optional.of("http://h/x"),
                Optional.empty(),
                holes == 0
                        ? Optional.empty()
                        : Optional.of(new ResultInfo.Holes(holes, Optional.empty(), Optional.empty())),
                Optional.empty());
        return ended(r, JobState.Terminal.completed(r.job(), result));
    }

    static JobReport running(JobReport r, JobState.Progress progress) {
        return new JobReport(r.spec(), r.accepted(), r.seal(), Optional.of(progress), r.terminal(), r.gone());
    }

    static JobReport gone(JobReport r, JobState.End end) {
        return new JobReport(
                r.spec(),
                r.accepted(),
                r.seal(),
                r.progress(),
                r.terminal(),
                Optional.of(new JobState.Gone(r.job(), end, "the disk was replaced")));
    }
}
