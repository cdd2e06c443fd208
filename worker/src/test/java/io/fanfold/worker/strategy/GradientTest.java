package io.fanfold.worker.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Simulated jobs that keep as many calls waiting as they may; times in seconds. */
final class GradientTest {
    private static final int CHUNKS_AT_ONCE = 1000;

    private final Gradient gradient = new Gradient();

    private static IntStream seeds() {
        return IntStream.concat(IntStream.range(0, 10), IntStream.of(new Random().nextInt()));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void callsThatAllTakeTheSameTimeAreNeverLimited(int seed) {
        Random random = new Random(seed);
        WaitingWork work =
                new WaitingWork(gradient, CHUNKS_AT_ONCE, (now, n) -> 0.5 + 0.004 * Math.abs(random.nextGaussian()));
        assertThat(work.run(100_000).least()).as("seed %d", seed).isEqualTo(Gradient.UNLIMITED);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void callsOfVeryDifferentLengthAreNotLimited(int seed) {
        Random random = new Random(seed);
        WaitingWork work = new WaitingWork(gradient, CHUNKS_AT_ONCE, (now, n) -> -0.5 * Math.log(random.nextDouble()));
        work.run(100_000);
        assertThat(gradient.limit()).as("seed %d", seed).isEqualTo(Gradient.UNLIMITED);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aLatencyThatGrowsWithTheCallsInFlightLimitsThemToWhereItBegan(int seed) {
        Random random = new Random(seed);
        WaitingWork work = new WaitingWork(
                gradient, CHUNKS_AT_ONCE, (now, n) -> 0.1 * Math.max(1, n / 32.0) * (0.95 + 0.1 * random.nextDouble()));
        work.run(20_000);
        assertWithinTwiceOf32(work.run(20_000), seed);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aQueueBeforeThirtyTwoServersLimitsTheCallsToAboutThem(int seed) {
        Random random = new Random(seed);
        Queue queue = new Queue(32, () -> 0.08 + 0.04 * random.nextDouble());
        WaitingWork work = new WaitingWork(gradient, CHUNKS_AT_ONCE, queue);
        work.run(20_000);
        assertWithinTwiceOf32(work.run(20_000), seed);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aQueueThatIsServedAtRandomPaceLimitsTheCallsAndKeepsTheServersBusy(int seed) {
        Random random = new Random(seed);
        Queue queue = new Queue(32, () -> -0.1 * Math.log(random.nextDouble()));
        WaitingWork work = new WaitingWork(gradient, CHUNKS_AT_ONCE, queue);
        work.run(20_000);
        double before = work.now();
        WaitingWork.Range limits = work.run(20_000);
        double callsASecond = 20_000 / (work.now() - before);
        assertThat(callsASecond).as("of 320, seed %d", seed).isGreaterThan(0.75 * 320);
        assertThat(limits.most()).as("seed %d", seed).isLessThanOrEqualTo(128);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aLimitIsLiftedWhenWhatIsWaitedForHasRoomAgain(int seed) {
        Random random = new Random(seed);
        double[] servers = {32};
        WaitingWork work = new WaitingWork(
                gradient,
                CHUNKS_AT_ONCE,
                (now, n) -> 0.1 * Math.max(1, n / servers[0]) * (0.95 + 0.1 * random.nextDouble()));
        work.run(20_000);
        assertThat(gradient.limit()).as("seed %d", seed).isLessThanOrEqualTo(64);
        servers[0] = 10_000;
        work.run(40_000);
        assertThat(gradient.limit()).as("seed %d", seed).isEqualTo(Gradient.UNLIMITED);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aLimitFollowsWhatIsWaitedForWhenItShrinks(int seed) {
        Random random = new Random(seed);
        double[] servers = {128};
        WaitingWork work = new WaitingWork(
                gradient,
                CHUNKS_AT_ONCE,
                (now, n) -> 0.1 * Math.max(1, n / servers[0]) * (0.95 + 0.1 * random.nextDouble()));
        work.run(20_000);
        assertThat(gradient.limit()).as("seed %d", seed).isBetween(64, 256);
        servers[0] = 32;
        work.run(20_000);
        assertWithinTwiceOf32(work.run(20_000), seed);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void chunksThatTakeLongerAndLongerAreNotThrottledForIt(int seed) {
        Random random = new Random(seed);
        WaitingWork work = new WaitingWork(
                gradient, CHUNKS_AT_ONCE, (now, n) -> 0.1 * Math.min(20, 1 + now) * (0.9 + 0.2 * random.nextDouble()));
        work.run(100_000);
        assertThat(gradient.limit()).as("seed %d", seed).isEqualTo(Gradient.UNLIMITED);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aLimitedJobWhoseChunksBecomeLongerKeepsItsLimit(int seed) {
        Random random = new Random(seed);
        double[] length = {0.1};
        WaitingWork work = new WaitingWork(
                gradient,
                CHUNKS_AT_ONCE,
                (now, n) -> length[0] * Math.max(1, n / 32.0) * (0.95 + 0.1 * random.nextDouble()));
        work.run(20_000);
        length[0] = 0.5;
        work.run(20_000);
        assertThat(work.run(20_000).least()).as("seed %d", seed).isGreaterThanOrEqualTo(16);
    }

    @Test
    void aJobOfFewChunksIsNotLimited() {
        WaitingWork work = new WaitingWork(gradient, 8, (now, n) -> 0.1 * n);
        assertThat(work.run(1000).least()).isGreaterThanOrEqualTo(1);
    }

    private static void assertWithinTwiceOf32(WaitingWork.Range limits, int seed) {
        assertThat(limits.least()).as("smallest limit, seed %d", seed).isGreaterThanOrEqualTo(16);
        assertThat(limits.most()).as("largest limit, seed %d", seed).isLessThanOrEqualTo(64);
    }
}
