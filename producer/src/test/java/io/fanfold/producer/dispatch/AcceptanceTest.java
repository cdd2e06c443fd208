package io.fanfold.producer.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fanfold.producer.split.ChunkSize;
import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.NpyHeader;
import io.fanfold.protocol.wire.ErrorPolicy;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.Parameter;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.protocol.wire.WireException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request becomes when it is accepted. */
final class AcceptanceTest {
    private static final NpyHeader ARRAY = new NpyHeader(DType.parse("<f8"), Shape.of(10, 3), Order.FORTRAN);

    private static final FunctionDescription SCALE = new FunctionDescription(
            new FunctionId("scale", "1"),
            "x * factor",
            "same",
            Map.of("float64", "float64"),
            List.of(Parameter.required("factor", Parameter.Type.NUMBER, "of each element")),
            Set.of(Strategy.AUTO, Strategy.THREADS));

    private static Acceptance request(Map<String, ?> parameters, int axis, int chunks) {
        return request(parameters, axis, chunks, Strategy.AUTO, Limits.NONE);
    }

    private static Acceptance request(
            Map<String, ?> parameters, int axis, int chunks, Strategy strategy, Limits limits) {
        return new Acceptance(
                Optional.of("my key"),
                SCALE,
                parameters,
                "default",
                strategy,
                Fold.CONCAT,
                axis,
                new ChunkSize.Count(chunks),
                limits);
    }

    private static JobRecord.Spec accept(Acceptance request) {
        return request.accept(ARRAY, 4, 1_000_000);
    }

    @Test
    void aSpecHasAllThatTheJobNeedsForItsWholeLife() {
        JobRecord.Spec spec = accept(request(Map.of("factor", "2"), -1, 7));

        assertThat(spec.plan()).isEqualTo(new Plan.Chunks(1, 7));
        assertThat(spec.header().parameters()).isEqualTo(Map.of("factor", 2L));
        assertThat(spec.header().rows()).isEqualTo(OptionalLong.of(3));
        assertThat(spec.header().axis()).isEqualTo(1);
        assertThat(spec.count()).isEqualTo(OptionalLong.of(7));
        assertThat(spec.key()).isEqualTo("my key");
        assertThat(spec.order()).isEqualTo(Order.FORTRAN);
        assertThat(spec.dtype()).isEqualTo(ARRAY.dtype());
    }

    @Test
    void aJobFailsWithItsFirstChunkUnlessItIsAskedToKeepGoing() {
        Acceptance r = request(Map.of("factor", 2), 0, 2);
        Acceptance keeps = new Acceptance(
                r.key(),
                r.function(),
                r.parameters(),
                r.pool(),
                r.strategy(),
                r.fold(),
                new ErrorPolicy.KeepGoing(3),
                r.axis(),
                r.chunkSize(),
                r.limits());

        assertThat(accept(r).header().errors()).isEqualTo(new ErrorPolicy.FailFast());
        assertThat(accept(keeps).header().errors()).isEqualTo(new ErrorPolicy.KeepGoing(3));
    }

    @Test
    void everyAcceptanceMakesAJobOfItsOwnSomewhereAmongTheOutcomesPartitions() {
        Acceptance request = request(Map.of("factor", 2), 0, 2);

        List<JobRecord.Spec> specs =
                IntStream.range(0, 200).mapToObj(_ -> accept(request)).toList();

        assertThat(specs.stream().map(JobRecord.Spec::job)).doesNotHaveDuplicates();
        assertThat(specs.stream().map(spec -> spec.header().outcomesPartition()).distinct())
                .containsExactlyInAnyOrder(0, 1, 2, 3);
    }

    @Test
    void theFingerprintIsThatOfWhatIsAskedNotOfHowItIsWritten() {
        String fingerprint = accept(request(Map.of("factor", 2), 0, 2)).fingerprint();

        assertThat(accept(request(Map.of("factor", "2"), 0, 2)).fingerprint()).isEqualTo(fingerprint);
        assertThat(accept(request(Map.of("factor", 2L), -2, 2)).fingerprint()).isEqualTo(fingerprint);
        assertThat(accept(request(Map.of("factor", 2.0), 0, 2)).fingerprint()).isNotEqualTo(fingerprint);
        assertThat(accept(request(Map.of("factor", 2), 1, 2)).fingerprint()).isNotEqualTo(fingerprint);
        assertThat(accept(request(Map.of("factor", 2), 0, 3)).fingerprint()).isNotEqualTo(fingerprint);
    }

    @Test
    void aJobWithoutAKeyIsItsOwn() {
        JobRecord.Spec spec = new Acceptance(
                        Optional.empty(),
                        SCALE,
                        Map.of("factor", 1),
                        "default",
                        Strategy.AUTO,
                        Fold.CONCAT,
                        0,
                        new ChunkSize.Automatic(),
                        Limits.NONE)
                .accept(ARRAY, 1, 1_000_000);

        assertThat(spec.key()).isEqualTo(spec.job().value());
        assertThat(spec.header().outcomesPartition()).isZero();
    }

    private static Acceptance folded(String fold, ChunkSize size, FunctionDescription function) {
        return new Acceptance(
                Optional.empty(), function, Map.of(), "default", Strategy.AUTO, new Fold(fold), 0, size, Limits.NONE);
    }

    private static FunctionDescription answering(String dtype) {
        return FunctionDescription.of("f@1", "x").withAnswers(dtype, "float64", "datetime64[s]", "int8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sum", "mean:all", "top-k", "acme:quantiles"})
    void aFoldThatSomebodyMayHaveIsTheJobs(String fold) {
        JobRecord.Spec spec = accept(folded(fold, new ChunkSize.Count(2), answering("float64")));

        assertThat(spec.header().fold()).isEqualTo(new Fold(fold));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sum:axis", "max:al", "concat:all", "count:"})
    void aSlipInTheNameOfABuiltInFoldIsRefusedWithThoseThatThereAre(String fold) {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> accept(folded(fold, new ChunkSize.Count(2), answering("float64"))))
                .withMessageContainingAll("\"" + fold + "\"", "there are concat, sum, sum:all, prod");
    }

    @Test
    void aFoldThatDoesNotTakeWhatTheFunctionAnswersIsRefusedBeforeThereIsAJob() {
        NpyHeader times = new NpyHeader(DType.parse("<M8[s]"), Shape.of(10), Order.C);
        Acceptance same = folded("sum", new ChunkSize.Count(2), answering("same"));

        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> same.accept(times, 1, 1_000_000))
                .withMessageContainingAll("f answers datetime64[s]", "fold sum does not take", "timedelta64");
        assertThat(folded("sum", new ChunkSize.Count(2), answering("int32")).accept(times, 1, 1_000_000))
                .isNotNull();
        assertThat(folded("sum", new ChunkSize.Count(2), answering("any")).accept(times, 1, 1_000_000))
                .isNotNull();
    }

    @Test
    void aFunctionThatDoesNotTakeTheDtypeIsRefusedWhateverTheFold() {
        NpyHeader bools = new NpyHeader(DType.parse("|b1"), Shape.of(3), Order.C);

        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> folded("sum", new ChunkSize.Count(2), answering("int32"))
                        .accept(bools, 1, 1_000_000))
                .withMessageContaining("does not take bool");
    }

    @Test
    void thePlanOfAReductionFollowsFromTheArrayAlone() {
        NpyHeader bytes = new NpyHeader(DType.parse("|i1"), Shape.of(16_000_000), Order.C);

        JobRecord.Spec joined = folded("concat", new ChunkSize.Automatic(), answering("float64"))
                .accept(bytes, 1, 16_000_000);
        JobRecord.Spec folded =
                folded("sum", new ChunkSize.Automatic(), answering("float64")).accept(bytes, 1, 16_000_000);

        assertThat(joined.plan()).isEqualTo(new Plan.Chunks(0, 128));
        assertThat(folded.plan()).isEqualTo(new Plan.Chunks(0, 16));
    }

    @Test
    void aParameterOrADtypeThatTheFunctionDoesNotTakeIsRefusedBeforeThereIsAJob() {
        NpyHeader bools = new NpyHeader(DType.parse("|b1"), Shape.of(3), Order.C);

        assertThatExceptionOfType(WireException.class).isThrownBy(() -> accept(request(Map.of(), 0, 2)));
        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> request(Map.of("factor", 1), 0, 2).accept(bools, 1, 1_000_000))
                .withMessageContainingAll("bool", "float64");
    }

    @Test
    void aStrategyThatTheFunctionDoesNotRunIsRefusedWithThoseThatItDoes() {
        assertThat(accept(request(Map.of("factor", 1), 0, 2, Strategy.THREADS, Limits.NONE))
                        .header()
                        .strategy())
                .isEqualTo(Strategy.THREADS);
        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> accept(request(Map.of("factor", 1), 0, 2, Strategy.ASYNC, Limits.NONE)))
                .withMessage("scale does not run with strategy async: use auto or threads");
    }

    @Test
    void theLimitsOfAJobTravelWithItsChunksInMilliseconds() {
        Limits limits = new Limits(Limits.seconds("time-to-live", "90"), Limits.seconds("chunk-timeout", "0.25"));

        JobRecord.Spec spec = accept(request(Map.of("factor", 1), 0, 2, Strategy.AUTO, limits));

        assertThat(spec.header().timeToLiveMs()).isEqualTo(OptionalLong.of(90_000));
        assertThat(spec.header().chunkTimeoutMs()).isEqualTo(OptionalLong.of(250));
        assertThat(accept(request(Map.of("factor", 1), 0, 2)).header().timeToLiveMs())
                .isEmpty();
    }

    @Test
    void aLimitHasAMillisecondAtLeast() {
        assertThat(Limits.seconds("chunk-timeout", "1e-9")).isEqualTo(OptionalLong.of(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "soon", "", "NaN", "Infinity", "1e300"})
    void aLimitThatIsNoNumberOfSecondsIsNamed(String text) {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> Limits.seconds("time-to-live", text))
                .withMessageContainingAll("time-to-live is \"" + text + "\"", "above 0");
    }
}
