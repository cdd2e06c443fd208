package io.fanfold.worker.lane;

import static io.fanfold.worker.lane.BrokerClock.WINDOW_MS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Deadlines are those of the broker's clock, whatever the local one says. */
final class BrokerClockTest {
    /** The broker's clock when the local one, which counts from anywhere, is at 0. */
    private static final long EPOCH = 1_700_000_000_000L;

    private final BrokerClock clock = new BrokerClock();

    @Test
    void withoutEvidenceNothingIsPast() {
        assertThat(clock.past(0, 0, Long.MAX_VALUE / 2)).isFalse();
        assertThat(clock.now(5)).isEmpty();
    }

    @Test
    void aRecordWithoutATimestampIsNoEvidenceAndHasNoDeadline() {
        clock.observe(-1, 1_000);
        assertThat(clock.now(1_000)).isEmpty();

        clock.observe(EPOCH, 1_000);
        assertThat(clock.past(-1, 0, 2_000)).isFalse();
    }

    @Test
    void aDeadlineIsPastOnceTheBrokersTimeIsBehindIt() {
        clock.observe(EPOCH, 0);

        assertThat(clock.past(EPOCH, 1_000, 1_000)).isFalse();
        assertThat(clock.past(EPOCH, 1_000, 1_001)).isTrue();
        assertThat(clock.past(EPOCH + 500, 1_000, 1_500)).isFalse();
    }

    @Test
    void aLocalClockThatCountsFromFarAwayChangesNothing() {
        clock.observe(EPOCH, -9_000_000_000L);

        assertThat(clock.past(EPOCH, 1_000, -9_000_000_000L + 1_000)).isFalse();
        assertThat(clock.past(EPOCH, 1_000, -9_000_000_000L + 1_001)).isTrue();
    }

    @Test
    void oldRecordsOfABacklogProveLittleAndTheNewestProofCounts() {
        clock.observe(EPOCH - 3_600_000, 0);
        assertThat(clock.past(EPOCH - 3_600_000, 60_000, 10)).isFalse();

        clock.observe(EPOCH, 10); // an outcome of ours, acknowledged
        clock.observe(EPOCH - 3_000_000, 20);

        assertThat(clock.past(EPOCH - 3_600_000, 60_000, 20)).isTrue();
        assertThat(clock.now(20)).isEqualTo(OptionalLong.of(EPOCH + 10));
    }

    @Test
    void aBrokersClockThatWasSetBackIsFollowedAfterTwoWindows() {
        long back = 3_600_000;
        clock.observe(EPOCH, 0);
        for (long local = 1; local <= 2 * WINDOW_MS + 1; local += 1_000) {
            clock.observe(EPOCH + local - back, local);
        }
        long now = 2 * WINDOW_MS + 2;

        assertThat(clock.now(now).orElseThrow()).isEqualTo(EPOCH + now - back);
        assertThat(clock.past(EPOCH + now - back, 1_000, now)).isFalse();
    }

    @Test
    void aBrokersClockThatWasSetForwardIsFollowedAtOnce() {
        clock.observe(EPOCH, 0);
        clock.observe(EPOCH + 3_600_000, 1);

        assertThat(clock.past(EPOCH, 3_000_000, 1)).isTrue();
    }

    @Test
    void aProofFromBeforeASilenceIsKeptUntilNewerOnesHaveFilledAWindow() {
        clock.observe(EPOCH, 0);
        long later = 10 * WINDOW_MS;

        clock.observe(EPOCH, later); // the first record after the silence was written before it
        assertThat(clock.now(later)).isEqualTo(OptionalLong.of(EPOCH + later));
    }

    /** The truth is never overtaken, however late records are seen. */
    @Test
    void whatIsPastIsPastByTheBrokersOwnClock() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            long local = i * 700L;
            clock.observe(EPOCH + local - random.nextInt(100_000), local);
            long appended = EPOCH + local - random.nextInt(100_000);
            long timeToLive = random.nextInt(100_000);
            if (clock.past(appended, timeToLive, local)) {
                assertThat(EPOCH + local).as("seed %d, step %d", seed, i).isGreaterThan(appended + timeToLive);
            }
        }
    }
}
