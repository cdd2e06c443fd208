package io.fanfold.worker.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.protocol.wire.FunctionProfile;
import io.fanfold.worker.strategy.Profile.Nature;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProfileTest {
    private static final long MS = 1_000_000;

    @Test
    void oneCallThatClearlyWaitsIsEnough() {
        assertThat(Profile.NONE.with(100 * MS, 2 * MS).nature()).isEqualTo(Nature.WAITS);
    }

    @Test
    void oneCallThatClearlyComputesIsEnough() {
        assertThat(Profile.NONE.with(100 * MS, 98 * MS).nature()).isEqualTo(Nature.COMPUTES);
    }

    @ParameterizedTest
    @CsvSource({"100, 30, WAITS", "100, 70, COMPUTES", "3, 0, WAITS", "3, 3, COMPUTES"})
    void callsThatAreLessClearOrShortTakeFour(long wallMs, long cpuMs, Nature nature) {
        Profile three = calls(Profile.NONE, 3, wallMs * MS, cpuMs * MS);
        assertThat(three.nature()).isEqualTo(Nature.UNKNOWN);
        assertThat(three.with(wallMs * MS, cpuMs * MS).nature()).isEqualTo(nature);
    }

    @Test
    void callsShorterThanAMillisecondAreWorkWhateverTheClocksSay() {
        assertThat(calls(Profile.NONE, 10, MS / 2, 0).nature()).isEqualTo(Nature.COMPUTES);
    }

    @Test
    void callsOfAboutAMillisecondDoNotGoToAndFro() {
        long seed = new Random().nextLong();
        assertThat(changes(seed, random -> 1 + 0.3 * random.nextGaussian(), random -> 0.05))
                .as("seed %d", seed)
                .isLessThanOrEqualTo(2);
    }

    @Test
    void aFunctionThatComputesHalfOfItsTimeDoesNotGoToAndFro() {
        long seed = new Random().nextLong();
        assertThat(changes(seed, random -> 20, random -> 0.5 + 0.05 * random.nextGaussian()))
                .as("seed %d", seed)
                .isLessThanOrEqualTo(2);
    }

    @Test
    void aFunctionThatBeginsToComputeIsNoticedWithinAFewSamples() {
        Profile waiting = calls(Profile.NONE, 100, 50 * MS, MS);
        assertThat(calls(waiting, 5, 50 * MS, 50 * MS).nature()).isEqualTo(Nature.COMPUTES);
    }

    @Test
    void aFunctionThatBeginsToWaitIsNoticedWithinAFewSamples() {
        Profile computing = calls(Profile.NONE, 100, 50 * MS, 50 * MS);
        assertThat(calls(computing, 5, 50 * MS, MS).nature()).isEqualTo(Nature.WAITS);
    }

    @Test
    void oneOddCallChangesNothing() {
        Profile waiting = calls(Profile.NONE, 10, 50 * MS, MS);
        assertThat(waiting.with(50 * MS, 50 * MS).nature()).isEqualTo(Nature.WAITS);
    }

    @Test
    void aGlimpseOfAWaitingCallIsEnoughToStartWith() {
        Profile glimpsed = Profile.NONE.glimpsed(50 * MS, MS);
        assertThat(glimpsed.nature()).isEqualTo(Nature.WAITS);
        assertThat(glimpsed.samples()).isZero();
    }

    @Test
    void aGlimpseIsForgottenWhenTheCallThenComputes() {
        assertThat(Profile.NONE.glimpsed(50 * MS, MS).with(2000 * MS, 1950 * MS).nature())
                .isEqualTo(Nature.COMPUTES);
    }

    @Test
    void aGlimpseOfAComputingCallSaysNothingYet() {
        assertThat(Profile.NONE.glimpsed(50 * MS, 20 * MS)).isEqualTo(Profile.NONE);
    }

    @Test
    void aGlimpseDoesNotOverruleSamples() {
        Profile computing = calls(Profile.NONE, 4, 50 * MS, 50 * MS);
        assertThat(computing.glimpsed(50 * MS, 0)).isEqualTo(computing);
    }

    @Test
    void whatIsPublishedIsUnderstoodByTheNextWorker() {
        for (Profile profile : new Profile[] {
            calls(Profile.NONE, 9, 50 * MS, MS),
            calls(Profile.NONE, 9, 50 * MS, 49 * MS),
            calls(Profile.NONE, 9, 1000, 0)
        }) {
            assertThat(Profile.of(profile.wire(OptionalDouble.empty()))).isEqualTo(profile);
        }
    }

    @Test
    void aProfileOfNoSamplesIsUnknown() {
        assertThat(Profile.of(new FunctionProfile(0, 0, 0))).isEqualTo(Profile.NONE);
    }

    @Test
    void aClockThatCountsMoreCpuThanTimeIsAShareOfOne() {
        assertThat(Profile.NONE.with(10 * MS, 12 * MS).cpuShare()).isEqualTo(1);
    }

    private static Profile calls(Profile profile, int count, long wallNanos, long cpuNanos) {
        Profile now = profile;
        for (int i = 0; i < count; i++) {
            now = now.with(wallNanos, cpuNanos);
        }
        return now;
    }

    private interface Draw {
        double from(Random random);
    }

    /** How often the nature changes: once it becomes known, and a first impression may be corrected. */
    private static int changes(long seed, Draw wallMs, Draw share) {
        Random random = new Random(seed);
        Profile profile = Profile.NONE;
        Nature last = Nature.UNKNOWN;
        int changes = 0;
        for (int i = 0; i < 1000; i++) {
            double wall = Math.max(0.1, wallMs.from(random)) * MS;
            profile = profile.with((long) wall, (long) (wall * Math.clamp(share.from(random), 0.0, 1.0)));
            changes += profile.nature() == last ? 0 : 1;
            last = profile.nature();
        }
        return changes;
    }
}
