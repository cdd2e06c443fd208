package io.fanfold.protocol.wire;

import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.array.Shape;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/** Messages of every kind, with every optional part there and not there. */
final class Samples {
    static final FunctionId SCALE = new FunctionId("scale", "2");

    private Samples() {}

    static Stream<JobHeader> headers() {
        JobHeader full = new JobHeader(
                Travel.JOB,
                SCALE,
                Map.of("factor", 2L, "ratio", 2.0, "name", "a \"quoted\" ü", "yes", true),
                Strategy.PROCESSES,
                new Fold("sum"),
                new ErrorPolicy.KeepGoing(3),
                OptionalLong.of(60_000),
                OptionalLong.of(1_500),
                OptionalLong.of(10),
                1,
                3);
        JobHeader bare = header(OptionalLong.empty(), 0);
        JobHeader unlimited = new JobHeader(
                Travel.JOB,
                SCALE,
                Map.of("n", Long.MIN_VALUE, "x", -0.0),
                Strategy.ASYNC,
                Fold.CONCAT,
                new ErrorPolicy.KeepGoing(Long.MAX_VALUE),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.of(0),
                0,
                0);
        return Stream.of(full, bare, unlimited);
    }

    static JobHeader header(OptionalLong rows, int axis) {
        return new JobHeader(
                Travel.JOB,
                SCALE,
                Map.of(),
                Strategy.AUTO,
                Fold.CONCAT,
                new ErrorPolicy.FailFast(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                rows,
                axis,
                0);
    }

    static Stream<JobRecord.Spec> specs() {
        return Stream.of(
                spec(OptionalLong.of(4), Shape.of(3, 4), "<f8", Order.C, new Plan.Chunks(1, 7)),
                spec(OptionalLong.of(0), Shape.of(0), "|b1", Order.FORTRAN, new Plan.Rows(0, 1_000_000_000_000L)),
                spec(OptionalLong.of(2), Shape.of(2, 5, 1), "[('a', '<i4'), ('b', '>f8', (2,))]", Order.C, even(0)),
                spec(OptionalLong.of(5), Shape.of(2, 5), ">M8[ns]", Order.FORTRAN, even(1)),
                spec(OptionalLong.empty(), Shape.of(0, 9), "<U3", Order.C, new Plan.Rows(0, 100)),
                revision(
                        spec(OptionalLong.of(9), Shape.of(9), "<f8", Order.C, new Plan.Rows(0, 1)),
                        new JobRecord.Revision(
                                new JobId("first"),
                                2,
                                List.of(new JobRecord.Revision.Run(0, 2), new JobRecord.Revision.Run(7, 1)))),
                claimed(new JobRecord.Claim(Optional.of(new JobId("before")), Optional.of("0badcafe"))),
                claimed(new JobRecord.Claim(Optional.empty(), Optional.empty())));
    }

    private static JobRecord.Spec claimed(JobRecord.Claim claim) {
        JobRecord.Spec of = spec(OptionalLong.of(9), Shape.of(9), "<f8", Order.C, new Plan.Rows(0, 1));
        return new JobRecord.Spec(
                of.header(),
                of.key(),
                of.fingerprint(),
                of.pool(),
                of.dtype(),
                of.shape(),
                of.order(),
                of.plan(),
                Optional.empty(),
                Optional.of(claim));
    }

    private static JobRecord.Spec revision(JobRecord.Spec of, JobRecord.Revision revision) {
        return new JobRecord.Spec(
                of.header(),
                of.key(),
                of.fingerprint(),
                of.pool(),
                of.dtype(),
                of.shape(),
                of.order(),
                of.plan(),
                Optional.of(revision));
    }

    static Plan even(int axis) {
        return new Plan.Chunks(axis, 2);
    }

    static JobRecord.Spec spec(OptionalLong rows, Shape shape, String dtype, Order order, Plan plan) {
        return new JobRecord.Spec(
                header(rows, plan.axis()),
                "key of a \"submitter\"",
                "0123abcd",
                "default",
                DType.parse(dtype),
                shape,
                order,
                plan);
    }

    static Stream<JobState> states() {
        ResultInfo bare =
                new ResultInfo("<f8", "(3, 4)", 224, "0badcafe", "file:///x/y.npy", Optional.empty(), Optional.empty());
        ResultInfo full = new ResultInfo(
                "[('a', '<i4')]",
                "(1,)",
                3,
                "00000000",
                "file:///x",
                Optional.of("http://h:1/v1"),
                Optional.of(ByteBuffer.wrap(new byte[] {1, 0, -1})));
        ResultInfo holed = new ResultInfo(
                "<f8",
                "(3,)",
                152,
                "0badcafe",
                "s3://x/y.npy",
                Optional.empty(),
                Optional.empty(),
                Optional.of(new ResultInfo.Holes(2, Optional.of("http://h/mask"), Optional.of("http://h/errors"))),
                Optional.of(new ResultInfo.Origin("store-1", "aggregator-0", 17, 23)));
        return Stream.of(
                new JobState.Progress(
                        Travel.JOB,
                        3,
                        OptionalLong.of(7),
                        30,
                        OptionalLong.of(70),
                        2,
                        OptionalLong.of(1500),
                        Optional.of("no space left on device"),
                        2),
                JobState.Terminal.completed(Travel.JOB, holed),
                new JobState.Gone(Travel.JOB, JobState.End.LOST, "the disk was replaced"),
                new JobState.Gone(Travel.JOB, JobState.End.EXPIRED, "kept for 7 days"),
                new JobState.Progress(Travel.JOB, 3, OptionalLong.of(7), 30, OptionalLong.of(70)),
                new JobState.Progress(Travel.JOB, 0, OptionalLong.empty(), 0, OptionalLong.empty()),
                JobState.Terminal.completed(Travel.JOB, bare),
                JobState.Terminal.completed(Travel.JOB, full),
                JobState.Terminal.ended(Travel.JOB, JobState.End.FAILED, "chunk 3 failed"),
                new JobState.Terminal(
                        Travel.JOB,
                        JobState.End.FAILED,
                        Optional.empty(),
                        Optional.of("chunk 3 failed"),
                        Optional.of(new JobState.FailedChunk(
                                3, 250, new Failure("java.lang.Exception", "no luck", "sqrt@1", 750, "worker-1")))),
                JobState.Terminal.ended(Travel.JOB, JobState.End.CANCELLED, ""),
                JobState.Terminal.ended(Travel.JOB, JobState.End.EXPIRED, "ü"),
                JobState.Terminal.ended(Travel.JOB, JobState.End.LOST, "gone"));
    }

    static Stream<FunctionOffer> offers() {
        FunctionDescription bare =
                new FunctionDescription(new FunctionId("f", "1"), "nothing", "same", Map.of("any", "same"), List.of());
        FunctionDescription full = new FunctionDescription(
                SCALE,
                "x times a factor",
                "(..., 2) -> (...)",
                Map.of("float32", "float32", "bool", "int64"),
                List.of(
                        Parameter.required("factor", Parameter.Type.NUMBER, "of each element"),
                        Parameter.withDefault("steps", Parameter.Type.INTEGER, 255L, "how many")
                                .atLeast(1),
                        Parameter.withDefault("ratio", Parameter.Type.NUMBER, 0.5, "how much"),
                        Parameter.withDefault("mode", Parameter.Type.STRING, "fast", "which"),
                        Parameter.withDefault("loud", Parameter.Type.BOOLEAN, false, "whether"),
                        Parameter.withDefault("rest", Parameter.Type.ANY, "5", "whatever"),
                        Parameter.optional("low", Parameter.Type.NUMBER, "from where")
                                .atLeast(-1.5)
                                .atMost(1e3)),
                EnumSet.of(Strategy.AUTO, Strategy.THREADS));
        FunctionProfile known = new FunctionProfile(0.5, 41.25, 120);
        FunctionProfile costly = new FunctionProfile(1, 0, 7, OptionalDouble.of(0.125));
        return Stream.of(
                new FunctionOffer("default", bare),
                new FunctionOffer("gpu", full),
                new FunctionOffer("gpu", full, Optional.of(known)),
                new FunctionOffer("gpu", bare, Optional.of(costly), FunctionOffer.KAFKA_CLIENTS),
                new FunctionOffer("gpu", bare, Optional.empty(), Set.of("none", "gzip", "brotli")));
    }
}
