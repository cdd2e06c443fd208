package io.fanfold.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A few numbers in short. */
final class StatsTest {
    private static final Offset<Double> ROUNDING = Offset.offset(1e-12);

    @Test
    void theMedianIsTheMiddleOneOrBetweenTheTwoInTheMiddle() {
        assertThat(Stats.median(List.of(7.0))).isEqualTo(7.0);
        assertThat(Stats.median(List.of(9.0, 1.0, 2.0))).isEqualTo(2.0);
        assertThat(Stats.median(List.of(9.0, 1.0, 2.0, 4.0))).isEqualTo(3.0);
    }

    /** What {@code np.quantile(np.arange(11) ** 2, q)} says. */
    @ParameterizedTest
    @CsvSource({"0, 0", "0.25, 6.5", "0.5, 25", "0.75, 56.5", "0.99, 98.1", "1, 100"})
    void quantilesLieBetweenNeighboursAsNumPyHasThem(double share, double expected) {
        List<Double> squares = new ArrayList<>(
                IntStream.rangeClosed(0, 10).mapToObj(i -> (double) i * i).toList());
        Collections.shuffle(squares, new Random(1));

        assertThat(Stats.quantile(squares, share)).isCloseTo(expected, ROUNDING);
    }

    @ParameterizedTest
    @CsvSource({
        "0.04567, 0.046",
        "0.9, 0.900",
        "1.056, 1.06",
        "12.345, 12.3",
        "123.4, 123",
        "1000, 1000",
        "-3.14159, -3.14"
    })
    void aboutThreeDigitsAreShown(double value, String text) {
        assertThat(Stats.text(value)).isEqualTo(text);
    }

    @Test
    void aQuantileOfEachBlockLeavesOutARestThatMakesNone() {
        List<Double> values = List.of(3.0, 1.0, 2.0, 30.0, 10.0, 20.0, 7.0);

        assertThat(Stats.quantiles(values, 0.5, 3)).containsExactly(2.0, 20.0);
        assertThat(Stats.quantiles(values, 1, 3)).containsExactly(3.0, 30.0);
    }
}
