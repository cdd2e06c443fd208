package io.fanfold.producer.intake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LineTest {
    private final Line line = new Line();

    @Test
    void nothingIsSafeBeforeSomethingCame() {
        assertThat(line.safe()).isEmpty();
    }

    @Test
    void safeIsTheLowestThatIsNotDoneWhateverIsDoneAbove() {
        line.take(5, 10);
        line.take(6, 20);
        line.take(9, 30);
        line.done(6);
        line.done(9);
        assertThat(line.safe()).hasValue(5);
        assertThat(line.open()).isEqualTo(1);
        assertThat(line.bytes()).isEqualTo(10);
        line.done(5);
        assertThat(line.safe()).hasValue(10);
        assertThat(line.bytes()).isZero();
    }

    @Test
    void doneTwiceIsDoneOnce() {
        line.take(0, 10);
        line.take(1, 10);
        line.done(0);
        line.done(0);
        assertThat(line.bytes()).isEqualTo(10);
        assertThat(line.safe()).hasValue(1);
    }
}
