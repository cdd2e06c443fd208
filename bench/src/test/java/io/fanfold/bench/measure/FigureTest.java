package io.fanfold.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What comes of numbers that were measured side by side. */
final class FigureTest {
    private static final List<Double> OURS = List.of(2.0, 4.0, 1.0);
    private static final List<Double> THEIRS = List.of(4.0, 4.0, 1.5);

    @Test
    void speedIsHowManyTimesAsFastOursIs() {
        Figure figure = Figure.speed("work", Target.atLeast(1.5), OURS, THEIRS);

        assertThat(figure.ratios()).containsExactly(2.0, 1.0, 1.5);
        assertThat(figure.ratio()).contains(1.5);
        assertThat(figure.unit()).isEqualTo("s");
        assertThat(figure.reached()).contains(true);
    }

    @Test
    void shareIsHowManyTimesAsMuchOursIs() {
        Figure figure = Figure.share("work", Target.atLeast(0.9), OURS, THEIRS, "MB/s");

        assertThat(figure.ratios()).containsExactly(0.5, 1.0, 1.0 / 1.5);
        assertThat(figure.ratio()).contains(1.0 / 1.5);
        assertThat(figure.reached()).contains(false);
    }

    @Test
    void whatIsNotToBeExceededIsReachedFromBelow() {
        assertThat(Figure.share("growth", Target.atMost(1.1), List.of(1.1), List.of(1.0), "MB")
                        .reached())
                .contains(true);
        assertThat(Figure.share("growth", Target.atMost(1.1), List.of(1.2), List.of(1.0), "MB")
                        .reached())
                .contains(false);
    }

    @Test
    void whatIsOnlyReportedHasARatioAndReachesNothing() {
        Figure figure = Figure.speed("work", Target.atLeast(1.5), OURS, THEIRS).reportOnly();

        assertThat(figure.ratio()).isPresent();
        assertThat(figure.target()).isEmpty();
        assertThat(figure.reached()).isEmpty();
    }

    @Test
    void whatCouldNotBeMeasuredSaysWhyAndReachesNothing() {
        Figure figure = Figure.missing("Pool.map", Target.atLeast(1.6), "s", "there is no Python");

        assertThat(figure.measured()).isFalse();
        assertThat(figure.ratio()).isEmpty();
        assertThat(figure.reached()).isEmpty();
        assertThat(figure.note()).isEqualTo("there is no Python");
    }

    @Test
    void whatIsComparedWithNothingIsMeasuredWithoutARatio() {
        Figure figure = Figure.alone("codec", OURS, "ops/ms");

        assertThat(figure.measured()).isTrue();
        assertThat(figure.ours()).isEqualTo(OURS);
        assertThat(figure.ratio()).isEmpty();
        assertThat(figure.target()).isEmpty();
    }

    @Test
    void aNoteChangesNothingElse() {
        Figure figure = Figure.speed("work", Target.atLeast(1.5), OURS, THEIRS);

        assertThat(figure.noting("warm").note()).isEqualTo("warm");
        assertThat(figure.noting("warm").noting("")).isEqualTo(figure);
    }
}
