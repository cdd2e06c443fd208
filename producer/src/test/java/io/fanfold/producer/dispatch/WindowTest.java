package io.fanfold.producer.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class WindowTest {
    private static final int CHUNK = 1_000_000 - Window.ENVELOPE_BYTES;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final Window window = new Window();
    private long next;
    private long done;
    private long nanos;

    /** Writes as far as there is room; then the fleet does so many chunks in a second. */
    private void round(long chunksPerSecond) {
        window.hear(next, done, nanos);
        while (window.inFlight(next, done) < window.limit()) {
            window.wrote(CHUNK);
            next++;
            window.hear(next, done, nanos);
        }
        window.waits();
        long doneNow = Math.min(next, done + chunksPerSecond);
        nanos += SECOND;
        done = doneNow;
        window.hear(next, done, nanos);
    }

    @Test
    void itStartsSmallAndCountsWhatIsWrittenAndNotDone() {
        assertThat(window.limit()).isEqualTo(Window.LEAST_BYTES);
        assertThat(window.inFlight(0, 0)).isZero();
        window.wrote(CHUNK);
        window.wrote(CHUNK);

        assertThat(window.inFlight(2, 0)).isEqualTo(2_000_000);
        assertThat(window.inFlight(2, 1)).isEqualTo(1_000_000);
        assertThat(window.inFlight(2, 5)).isZero(); // another has written those
    }

    @Test
    void aFleetThatDoesAllThatThereIsGetsMoreUntilItIsNoFaster() {
        for (int i = 0; i < 60; i++) {
            round(100); // more than the least window holds, less than many hold
        }

        assertThat(window.limit()).isBetween(100_000_000L, 300_000_000L);
    }

    @Test
    void aFleetThatIsNoFasterWithMoreKeepsTheLeast() {
        for (int i = 0; i < 400; i++) {
            round(4);
            assertThat(window.limit()).isLessThanOrEqualTo(2 * Window.LEAST_BYTES);
        }
    }

    @Test
    void whereNothingHasToWaitItSaysNothing() {
        for (int i = 0; i < 100; i++) {
            window.hear(next, done, nanos);
            window.wrote(CHUNK);
            next++;
            nanos += SECOND / 1000;
            done = next;
        }

        assertThat(window.limit()).isEqualTo(Window.LEAST_BYTES);
    }

    @Test
    void workersThatComeLaterAreFound() {
        for (int i = 0; i < 200; i++) {
            round(4);
        }
        for (int i = 0; i < 200; i++) {
            round(100);
        }

        assertThat(window.limit()).isGreaterThanOrEqualTo(100_000_000L);
    }

    @Test
    void itNeverPassesTheMost() {
        for (int i = 0; i < 100; i++) {
            round(1_000_000);
        }

        assertThat(window.limit()).isEqualTo(Window.MOST_BYTES);
    }
}
