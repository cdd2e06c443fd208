package io.fanfold.cli.show;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is said of an array that goes. */
final class TransferTest {
    private static final long SECOND = 1_000_000_000;

    @Test
    void aLineSaysHowMuchHowFastAndHowLong() {
        assertThat(Transfer.Lines.line("submit", 25_000_000, 100_000_000, 5 * SECOND))
                .isEqualTo("submit: 25.0 of 100.0 MB (25 %), 5.0 MB/s, 15 s left");
    }

    @Test
    void whereTheLengthIsUnknownThereIsNoTimeLeft() {
        assertThat(Transfer.Lines.line("submit", 25_000_000, -1, 5 * SECOND)).isEqualTo("submit: 25.0 MB, 5.0 MB/s");
    }
}
