package io.fanfold.worker.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType.Kind;
import io.fanfold.protocol.array.Numbers;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the built-in functions against what real NumPy answered: see {@code src/test/fixtures}. */
class NumPyGoldenTest {
    private static final Set<String> WITHIN_AN_ULP = Set.of("exp", "log");

    static Stream<GoldenCase> answered() {
        return GoldenCase.all().filter(c -> c.answer().isPresent());
    }

    static Stream<GoldenCase> refused() {
        return GoldenCase.all().filter(c -> c.answer().isEmpty());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answered")
    void aChunkBecomesWhatNumPyMakesOfIt(GoldenCase golden) throws Exception {
        ArraySlice expected = golden.answer().orElseThrow();

        ArraySlice answer = Functions.apply(golden.function(), golden.parameters(), golden.chunk());

        assertThat(answer.dtype()).isEqualTo(expected.dtype());
        assertThat(answer.shape()).isEqualTo(expected.shape());
        assertThat(answer.order()).isEqualTo(expected.order());
        boolean complex = golden.chunk().dtype().kind() == Kind.COMPLEX;
        if (WITHIN_AN_ULP.contains(golden.function()) || (golden.function().equals("abs") && complex)) {
            assertSameNumbers(answer, expected, 1);
        } else if (golden.function().equals("scale") && complex) {
            assertSameNumbers(answer, expected, 0);
        } else {
            assertThat(hex(answer)).isEqualTo(hex(expected));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void whatNumPyRefusesIsRefusedInOneLine(GoldenCase golden) {
        assertThatThrownBy(() -> Functions.apply(golden.function(), golden.parameters(), golden.chunk()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(golden.function())
                .hasMessageContaining(golden.chunk().dtype().name())
                .hasMessageNotContaining("\n");
    }

    @Test
    void everyFunctionIsHeldAgainstNumPyInEveryDtypeItTakes() {
        Set<String> seen = new HashSet<>();
        GoldenCase.all()
                .forEach(c -> seen.add(c.function() + " " + c.chunk().dtype().name()));

        FunctionRegistry.builtIn()
                .descriptions()
                .forEach(description -> description.dtypes().keySet().stream()
                        .filter(dtype -> !dtype.equals("any"))
                        .forEach(dtype ->
                                assertThat(seen).contains(description.id().name() + " " + dtype)));
    }

    private static String hex(ArraySlice array) {
        return HexFormat.ofDelimiter(" ").formatHex(array.data().toArray(ValueLayout.JAVA_BYTE));
    }

    /** Equal up to some steps from one float to the next; a NaN is a NaN whatever its bits. */
    private static void assertSameNumbers(ArraySlice answer, ArraySlice expected, long ulps) {
        Numbers found = Numbers.of(answer);
        Numbers wanted = Numbers.of(expected);
        for (int i = 0; i < wanted.count(); i++) {
            double value = value(wanted, i);
            if (Double.isNaN(value)) {
                assertThat(value(found, i)).as("number %d", i).isNaN();
            } else {
                assertThat(Math.abs(step(found, i) - step(wanted, i)))
                        .as("ulps between %s and %s, number %d", value(found, i), value, i)
                        .isLessThanOrEqualTo(ulps);
            }
        }
    }

    private static double value(Numbers numbers, int index) {
        double[] value = new double[1];
        numbers.slice(index, 1).load(value);
        return value[0];
    }

    /** The place of a float in the row of all floats of its width; the two zeros are neighbours. */
    private static long step(Numbers numbers, int index) {
        long[] bits = new long[1];
        numbers.slice(index, 1).bits().load(bits);
        long sign = Negate.signBit(numbers.width());
        return bits[0] < 0 ? ~(bits[0] & (sign - 1)) : bits[0];
    }
}
