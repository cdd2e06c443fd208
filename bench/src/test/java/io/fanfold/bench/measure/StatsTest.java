package io.fanfold.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class StatsTest {
    @Test
    void aQuantileOfEachBlockLeavesOutARestThatMakesNone() {
        List<Double> values = List.of(3.0, 1.0, 2.0, 30.0, 10.0, 20.0, 7.0);

        assertThat(Stats.quantiles(values, 0.5, 3)).containsExactly(2.0, 20.0);
        assertThat(Stats.quantiles(values, 1, 3)).containsExactly(3.0, 30.0);
    }
}
