package io.fanfold.worker.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.worker.lane.Chunk.Suspicion;
import io.fanfold.worker.strategy.Ending;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What becomes of a chunk after an attempt. */
final class VerdictTest {
    private static final RetryPolicy POLICY =
            new RetryPolicy(3, 2, Duration.ofMillis(100), Duration.ofSeconds(1), Set.of("BadRow"));

    private static Verdict of(Ending ending, Tries so, Suspicion suspicion) {
        return Verdict.of(ending, so, suspicion, POLICY, 1000, 1);
    }

    private static Ending raised(String error, boolean lasting) {
        return new Ending.Raised(error, "no luck", "", lasting);
    }

    @Test
    void anAnswerIsComputed() {
        Ending.Answered answer = new Ending.Answered(new byte[1000], 1, OptionalLong.empty());
        assertThat(of(answer, Tries.NONE, Suspicion.NONE)).isEqualTo(new Verdict.Computed(answer));
    }

    @Test
    void anAnswerThatNoRecordHoldsFailsAtOnceWithTheRemedy() {
        Ending.Answered answer = new Ending.Answered(new byte[1001], 1, OptionalLong.empty());
        assertThat(of(answer, Tries.NONE, Suspicion.NONE))
                .isInstanceOfSatisfying(
                        Verdict.Failed.class,
                        failed -> assertThat(failed.message())
                                .contains("1001 bytes", "1000", "--chunks", "--max-message-bytes"));
    }

    @Test
    void anErrorIsTriedAgainWithLongerAndLongerWaitsAndThenFails() {
        assertThat(of(raised("IOException", false), Tries.NONE, Suspicion.NONE))
                .isEqualTo(new Verdict.Again(new Tries(1, 0), Suspicion.NONE, Duration.ofMillis(100)));
        assertThat(of(raised("IOException", false), new Tries(1, 0), Suspicion.NONE))
                .isEqualTo(new Verdict.Again(new Tries(2, 0), Suspicion.NONE, Duration.ofMillis(200)));
        assertThat(of(raised("IOException", false), new Tries(2, 0), Suspicion.NONE))
                .isEqualTo(new Verdict.Failed(new Tries(3, 0), "IOException", "no luck"));
    }

    @Test
    void anErrorThatLastsIsNotTriedAgain() {
        assertThat(of(raised("ValueError", true), Tries.NONE, Suspicion.NONE)).isInstanceOf(Verdict.Failed.class);
    }

    @Test
    void aTypeThatTheWorkerWasToldOfIsNotTriedAgain() {
        assertThat(of(raised("com.example.BadRow", false), Tries.NONE, Suspicion.NONE))
                .isInstanceOf(Verdict.Failed.class);
        assertThat(of(raised("com.example.GoodRow", false), Tries.NONE, Suspicion.NONE))
                .isInstanceOf(Verdict.Again.class);
    }

    @Test
    void runningTooLongIsAnAttempt() {
        assertThat(of(new Ending.TimedOut(Duration.ofMillis(1500)), new Tries(2, 0), Suspicion.NONE))
                .isInstanceOfSatisfying(Verdict.Failed.class, failed -> {
                    assertThat(failed.error()).isEqualTo("TimedOut");
                    assertThat(failed.message()).contains("1.5 s");
                });
    }

    @Test
    void aSuspectThatDiedBesideOthersIsNotBlamedAndRunsAlone() {
        assertThat(of(new Ending.Crashed("exit code 3", false), Tries.NONE, Suspicion.TOGETHER))
                .isEqualTo(new Verdict.Again(Tries.NONE, Suspicion.ALONE, Duration.ZERO));
    }

    @Test
    void aChunkThatKillsItsOwnProcessFailsAfterMaxCrashes() {
        assertThat(of(new Ending.Crashed("exit code 3", true), Tries.NONE, Suspicion.ALONE))
                .isEqualTo(new Verdict.Again(new Tries(0, 1), Suspicion.ALONE, Duration.ofMillis(100)));
        assertThat(of(new Ending.Crashed("exit code 3", true), new Tries(0, 1), Suspicion.ALONE))
                .isInstanceOfSatisfying(Verdict.Failed.class, failed -> {
                    assertThat(failed.error()).isEqualTo("Crashed");
                    assertThat(failed.message()).contains("2 times", "exit code 3");
                });
    }

    @Test
    void interruptionIsNotFailure() {
        assertThat(of(new Ending.Stopped(), new Tries(2, 1), Suspicion.NONE)).isEqualTo(new Verdict.Stopped());
    }

    @Test
    void waitsDoubleUpToTheLongestAndJitterHalvesThemAtMost() {
        assertThat(POLICY.backOff(1, 1)).isEqualTo(Duration.ofMillis(100));
        assertThat(POLICY.backOff(1, 0)).isEqualTo(Duration.ofMillis(50));
        assertThat(POLICY.backOff(4, 1)).isEqualTo(Duration.ofMillis(800));
        assertThat(POLICY.backOff(60, 1)).isEqualTo(Duration.ofSeconds(1));
    }
}
