package io.fanfold.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fanfold.protocol.array.DType;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a job may ask of a function. */
final class FunctionDescriptionTest {
    private static FunctionDescription taking(Parameter... parameters) {
        return new FunctionDescription(
                new FunctionId("f", "1"), "about", "same", Map.of("any", "same"), List.of(parameters));
    }

    private static final FunctionDescription ALL = taking(
            Parameter.withDefault("i", Parameter.Type.INTEGER, 1L, "a count").atLeast(1),
            Parameter.withDefault("n", Parameter.Type.NUMBER, 0.5, "a factor"),
            Parameter.withDefault("s", Parameter.Type.STRING, "x", "a name"),
            Parameter.withDefault("b", Parameter.Type.BOOLEAN, false, "a switch"),
            Parameter.optional("a", Parameter.Type.ANY, "anything"),
            Parameter.optional("o", Parameter.Type.NUMBER, "a bound")
                    .atLeast(-1.5)
                    .atMost(9));

    @Test
    void whatIsNotGivenIsFilledInAndWhatIsOptionalLeftOut() {
        assertThat(ALL.resolve(Map.of())).isEqualTo(Map.of("i", 1L, "n", 0.5, "s", "x", "b", false));
    }

    @ParameterizedTest
    @CsvSource({"i,7,Long", "n,2,Long", "n,2.0,Double", "n,1e3,Double", "n,-3,Long", "s,7,String", "b,TRUE,Boolean"})
    void textOfACommandLineBecomesTheParametersType(String name, String text, String type) {
        Object value = ALL.resolve(Map.of(name, text)).get(name);

        assertThat(value.getClass().getSimpleName()).isEqualTo(type);
        assertThat(value.toString().toLowerCase(java.util.Locale.ROOT))
                .startsWith(text.equals("1e3") ? "1000" : text.toLowerCase(java.util.Locale.ROOT));
    }

    @Test
    void everyKindOfNumberBecomesALongOrADouble() {
        assertThat(ALL.resolve(Map.of("n", 2)).get("n")).isEqualTo(2L);
        assertThat(ALL.resolve(Map.of("n", (short) 2)).get("n")).isEqualTo(2L);
        assertThat(ALL.resolve(Map.of("n", 0.5f)).get("n")).isEqualTo(0.5);
        assertThat(ALL.resolve(Map.of("n", new BigDecimal("0.25"))).get("n")).isEqualTo(0.25);
        assertThat(ALL.resolve(Map.of("i", 3)).get("i")).isEqualTo(3L);
        assertThat(ALL.resolve(Map.of("i", 3.0)).get("i")).isEqualTo(3L);
    }

    @ParameterizedTest
    @CsvSource({
        "i,two,an integer",
        "i,2.5,an integer",
        "i,99999999999999999999,an integer",
        "i,'',an integer",
        "i,0,at least 1",
        "n,fast,a number",
        "n,NaN,a number",
        "n,Infinity,a number",
        "n,1e999,a number",
        "b,yes,a boolean",
        "o,-2,at least -1.5",
        "o,9.5,at most 9"
    })
    void aValueThatIsNotAllowedIsRefusedWithWhatIs(String name, String text, String wanted) {
        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> ALL.resolve(Map.of(name, text)))
                .withMessageContainingAll("f: parameter " + name + " is \"" + text + "\"", wanted);
    }

    @Test
    void numbersThatJsonCannotCarryAreRefused() {
        for (Object value : new Object[] {Double.NaN, Double.POSITIVE_INFINITY, Float.NaN}) {
            assertThatExceptionOfType(WireException.class)
                    .isThrownBy(() -> ALL.resolve(Map.of("n", value)))
                    .withMessageContaining("a number");
        }
        assertThatExceptionOfType(WireException.class).isThrownBy(() -> ALL.resolve(Map.of("i", 2.5)));
        assertThatExceptionOfType(WireException.class).isThrownBy(() -> ALL.resolve(Map.of("i", 1e300)));
    }

    @Test
    void aMissingParameterIsNamedWithWhatItIs() {
        FunctionDescription strict = taking(Parameter.required("factor", Parameter.Type.NUMBER, "of each element"));

        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> strict.resolve(Map.of()))
                .withMessage("f: parameter factor is missing (of each element)");
    }

    @Test
    void anUnknownParameterIsRefusedWithTheKnownOnes() {
        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> ALL.resolve(Map.of("x", 1)))
                .withMessageContainingAll("\"x\"", "i, n, s, b, a, o");
        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> taking().resolve(Map.of("x", 1)))
                .withMessageContaining("takes none");
    }

    @ParameterizedTest
    @CsvSource({
        "7",
        "-1.5",
        "2.0",
        "1e3",
        "true",
        "TRUE",
        "007",
        "+5",
        "1e999",
        "NaN",
        "fast",
        "''",
        "9223372036854775808"
    })
    void whatResolvesResolvesToItselfAgainAndIsConfirmed(String any) {
        Map<String, Object> once = ALL.resolve(Map.of("i", "3", "n", "2", "b", "true", "a", any, "o", "-1.5"));

        assertThat(ALL.resolve(once)).isEqualTo(once);
        assertThat(ALL.confirm(once)).isEqualTo(once);
    }

    @Test
    void textForAParameterOfAnyTypeIsWhatJsonWouldReadAndOtherwiseText() {
        assertThat(anyOf("7")).isEqualTo(7L);
        assertThat(anyOf("9223372036854775807")).isEqualTo(Long.MAX_VALUE);
        assertThat(anyOf("-0.5e1")).isEqualTo(-5.0);
        assertThat(anyOf("2.0")).isEqualTo(2.0);
        assertThat(anyOf("false")).isEqualTo(false);
        for (String text : new String[] {"007", "True", "0x10", "1d", "NaN", "1e999", ".5", "7 ", ""}) {
            assertThat(anyOf(text)).isEqualTo(text);
        }
    }

    private static Object anyOf(Object given) {
        return ALL.resolve(Map.of("a", given)).get("a");
    }

    @Test
    void aValueForAParameterOfAnyTypeKeepsItsOwnType() {
        assertThat(anyOf(2)).isEqualTo(2L);
        assertThat(anyOf(2.0)).isEqualTo(2.0);
        assertThat(anyOf(true)).isEqualTo(true);
        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> anyOf(Double.NaN))
                .withMessageContaining("a finite number");
    }

    @Test
    void whatAChunkCarriesAsTextStaysTextWhereAnyTypeIsAllowed() {
        assertThat(ALL.confirm(Map.of("a", "42"))).containsEntry("a", "42").containsEntry("i", 1L);
    }

    @Test
    void whatAForeignSubmitterWroteIsCheckedAsAnySubmissionIs() {
        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> ALL.confirm(Map.of("i", 0L)))
                .withMessageContaining("at least 1");
        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> ALL.confirm(Map.of("zzz", 0L)))
                .withMessageContaining("no parameter \"zzz\"");
    }

    @Test
    void aLongWholeNumberIsNotRounded() {
        assertThat(ALL.resolve(Map.of("n", "1234567890123456789")).get("n")).isEqualTo(1234567890123456789L);
    }

    @Test
    void aDefaultTakesTheTypeOfItsParameterAndHasToBeAllowed() {
        assertThat(taking(Parameter.withDefault("n", Parameter.Type.INTEGER, 5, "a count"))
                        .resolve(Map.of()))
                .isEqualTo(Map.of("n", 5L));
        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> taking(Parameter.withDefault("n", Parameter.Type.INTEGER, 0, "a count")
                        .atLeast(1)))
                .withMessageContaining("at least 1");
    }

    @Test
    void aParameterReadsItselfFromAJobsParameters() {
        Map<String, Object> resolved = ALL.resolve(Map.of("n", "2", "o", "1.5"));

        assertThat(ALL.parameters().get(0).whole(resolved)).isEqualTo(1);
        assertThat(ALL.parameters().get(1).number(resolved)).isEqualTo(2.0);
        assertThat(ALL.parameters().get(2).text(resolved)).isEqualTo("x");
        assertThat(ALL.parameters().get(3).flag(resolved)).isFalse();
        assertThat(ALL.parameters().get(4).in(resolved)).isEmpty();
        assertThat(ALL.parameters().get(5).in(resolved)).contains(1.5);
    }

    @Test
    void aParameterThatIsReadAsSomethingElseIsNamedWithItsValue() {
        Parameter bound = Parameter.optional("low", Parameter.Type.ANY, "from where");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> bound.number(Map.of()))
                .withMessage("parameter low is missing (from where)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bound.number(Map.of("low", "x")))
                .withMessage("parameter low is \"x\"; it must be a number (from where)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bound.whole(Map.of("low", 2.5)))
                .withMessageContaining("a whole number");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bound.flag(Map.of("low", "yes")))
                .withMessageContaining("true or false");
    }

    @Test
    void aStrategyThatAFunctionDoesNotRunInIsRefusedWithThoseItDoes() {
        FunctionDescription threads =
                FunctionDescription.of("f@1", "about").withStrategies(Strategy.THREADS, Strategy.ASYNC);

        assertThat(threads.strategies()).containsExactly(Strategy.AUTO, Strategy.THREADS, Strategy.ASYNC);
        assertThat(threads.runs(Strategy.AUTO)).isTrue();
        assertThat(threads.runs(Strategy.PROCESSES)).isFalse();
        threads.requireStrategy(Strategy.ASYNC);
        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> threads.requireStrategy(Strategy.PROCESSES))
                .withMessage("f does not run with strategy processes: use auto or threads or async");
    }

    @Test
    void aDescriptionStartsFromOneThatTakesEverything() {
        FunctionDescription plain = FunctionDescription.of("f@2", "about");
        FunctionDescription changed = plain.withShapes("(n,) -> (1,)")
                .withAnswers("float64", "int8", "float64")
                .withAnswers("float32", "float32")
                .withParameters(Parameter.required("p", Parameter.Type.NUMBER, "what"));

        assertThat(plain)
                .isEqualTo(new FunctionDescription(
                        new FunctionId("f", "2"), "about", "same", Map.of("any", "same"), List.of()));
        assertThat(changed.shapes()).isEqualTo("(n,) -> (1,)");
        assertThat(changed.dtypes().toString()).isEqualTo("{int8=float64, float64=float64, float32=float32}");
        assertThat(changed.parameters()).extracting(Parameter::name).containsExactly("p");
        assertThat(plain.withAnswers("any", "any").dtypes()).isEqualTo(Map.of("any", "any"));
    }

    @Test
    void anAnswerOfUnknownDtypeIsTakenToBeAsWideAsItsInput() {
        FunctionDescription free = FunctionDescription.of("f@1", "a").withAnswers("any", "any");

        assertThat(free.itemSizeOf(DType.parse("<c16"))).isEqualTo(16);
        assertThat(free.withAnswers("any", "int8").itemSizeOf(DType.parse("|i1")))
                .isEqualTo(1);
    }

    @Test
    void theAnswersItemSizeFollowsFromItsDtype() {
        FunctionDescription widening = new FunctionDescription(
                new FunctionId("f", "1"), "a", "same", Map.of("int8", "complex128", "float16", "same"), List.of());

        assertThat(widening.itemSizeOf(DType.parse("|i1"))).isEqualTo(16);
        assertThat(widening.itemSizeOf(DType.parse(">f2"))).isEqualTo(2);
        assertThat(ALL.itemSizeOf(DType.parse("<U5"))).isEqualTo(20);
    }

    @Test
    void aDtypeThatIsNotTakenIsRefusedWithThoseThatAre() {
        FunctionDescription picky =
                new FunctionDescription(new FunctionId("f", "1"), "a", "same", Map.of("float32", "float32"), List.of());

        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> picky.itemSizeOf(DType.parse("<i8")))
                .withMessageContainingAll("int64", "float32");
    }
}
