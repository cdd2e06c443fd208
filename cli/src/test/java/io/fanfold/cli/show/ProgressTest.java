package io.fanfold.cli.show;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobState;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of a job that runs. */
final class ProgressTest {
    private static JobState.Progress progress(long failed, OptionalLong millisLeft, Optional<String> waiting) {
        return new JobState.Progress(
                new JobId("j"), 5, OptionalLong.of(8), 50, OptionalLong.of(80), failed, millisLeft, waiting, 0);
    }

    @Test
    void aLineSaysHowFarAndHowLong() {
        assertThat(Progress.Lines.line("sqrt", progress(0, OptionalLong.of(61_000), Optional.empty())))
                .isEqualTo("sqrt: 5 of 8 chunks (63 %), 1 min 1 s left");
        for (OptionalLong nothing : List.of(OptionalLong.empty(), OptionalLong.of(0))) {
            assertThat(Progress.Lines.line("sqrt", progress(0, nothing, Optional.empty())))
                    .isEqualTo("sqrt: 5 of 8 chunks (63 %)");
        }
    }

    @Test
    void failedChunksAndWhatIsWaitedForAreSaidAndThenNoTimeIsLeft() {
        assertThat(Progress.Lines.line("f", progress(2, OptionalLong.of(9), Optional.of("no space\u001b[31m"))))
                .isEqualTo("f: 5 of 8 chunks (63 %), 2 failed, waiting: no space\uFFFD[31m");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 s",
        "1, 1 s",
        "59000, 59 s",
        "59001, 1 min",
        "125000, 2 min 5 s",
        "3600000, 1 h",
        "12059000, 3 h 20 min",
        "352800000, 4 d 2 h"
    })
    void timesHaveTwoUnitsAtMost(long millis, String text) {
        assertThat(TimeLeft.of(millis)).isEqualTo(text);
    }
}
