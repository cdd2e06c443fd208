package io.fanfold.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DuelTest {
    private final StringBuilder order = new StringBuilder();
    private final List<String> told = new ArrayList<>();

    @Test
    void contestantsTakeTurnsSampleBySampleAndNeitherAlwaysFollows() throws Exception {
        duel().run(0, 4);

        assertThat(order).hasToString("ABBAABBA");
    }

    @Test
    void samplesOfTheWarmUpDoNotCount() throws Exception {
        Duel.Samples samples = duel().run(3, 2);

        assertThat(samples.ours()).containsExactly(40.0, 50.0);
        assertThat(samples.theirs()).containsExactly(4.0, 5.0);
    }

    @Test
    void aFigureHasARatioForEachBlockOfSamples() throws Exception {
        Figure figure = duel().run(0, 6).figure("p50", Target.atMost(1.5), 0.5, 3, "ms");

        assertThat(figure.ours()).containsExactly(20.0, 50.0);
        assertThat(figure.theirs()).containsExactly(2.0, 5.0);
        assertThat(figure.ratios()).containsExactly(10.0, 10.0);
    }

    @Test
    void progressIsToldEveryHundredSamples() throws Exception {
        duel().run(100, 150);

        assertThat(told)
                .containsExactly(
                        "samples, warming up: medians 505 and 50.5", "samples, 100 of 150: medians 1505 and 151");
    }

    /** Two whose samples are 10, 20, 30 … and 1, 2, 3 …. */
    private Duel duel() {
        return new Duel(told::add, counting("A", 10), counting("B", 1));
    }

    private Contest.Contestant counting(String name, double step) {
        double[] last = {0};
        return () -> {
            order.append(name);
            return last[0] += step;
        };
    }
}
