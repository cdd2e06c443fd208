package io.fanfold.worker.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.OptionalDouble;
import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** What is learned of the price of a byte. */
final class CostTest {
    private static final long MS = 1_000_000;

    private static Cost calls(Cost cost, int count, long bytes, long nanos) {
        Cost now = cost;
        for (int i = 0; i < count; i++) {
            now = now.with(bytes, nanos);
        }
        return now;
    }

    private static double of(Cost cost) {
        return cost.nanosPerByte().orElseThrow();
    }

    @Test
    void callsOfOneSizeTellTheirTimeByTheirBytes() {
        assertThat(of(calls(Cost.UNKNOWN, 9, 1000, 50_000))).isCloseTo(50, within(1e-9));
    }

    @Test
    void chunksWithoutBytesTellNothing() {
        assertThat(calls(Cost.UNKNOWN, 99, 0, 50 * MS)).isEqualTo(Cost.UNKNOWN);
        Cost known = calls(Cost.UNKNOWN, 9, 1000, 50_000);
        assertThat(calls(known, 99, 0, 50 * MS)).isEqualTo(known);
    }

    @Test
    void threeShortCallsAreTooFewAndOneLongCallIsEnough() {
        assertThat(calls(Cost.UNKNOWN, 3, 1000, 499 * MS).nanosPerByte()).isEmpty();
        assertThat(calls(Cost.UNKNOWN, 4, 1000, 499 * MS).nanosPerByte()).isPresent();
        assertThat(of(Cost.UNKNOWN.with(1000, 500 * MS))).isEqualTo(500_000);
    }

    @Test
    void whatWasToldHoldsUntilEnoughCallsSayOtherwise() {
        Cost told = Cost.of(OptionalDouble.of(7));
        assertThat(of(told)).isEqualTo(7);
        assertThat(of(calls(told, 3, 1000, 50_000))).isEqualTo(7);
        assertThat(of(calls(told, 4, 1000, 50_000))).isCloseTo(50, within(1e-9));
    }

    @Test
    void whatACallCostsWhateverItsSizeIsNotTheBytesDoing() {
        Cost coarse = calls(Cost.UNKNOWN, 20, 1_000_000, 2000 * MS);
        Cost finer = calls(coarse, 80, 250_000, 2000 * MS);
        assertThat(of(finer)).isZero();
        assertThat(of(calls(finer, 20, 1_000_000, 2000 * MS))).isZero();
    }

    @Test
    void whatBytesAddIsFoundBesideWhatEveryCallCosts() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 1000; i++) {
            double perByte = Math.pow(10, random.nextDouble(0, 5));
            long fixed = random.nextLong(0, 5000 * MS);
            long small = random.nextLong(1000, 1_000_000);
            long large = 2 * small + random.nextLong(1, 10_000_000);
            Cost cost = calls(Cost.UNKNOWN, 5, small, fixed + (long) (small * perByte));
            cost = calls(cost, 5, large, fixed + (long) (large * perByte));
            assertThat(of(cost)).as("seed %d, round %d", seed, i).isCloseTo(perByte, Percentage.withPercentage(1));
        }
    }

    @Test
    void whereSmallerChunksTakeLongerOnlyTheLastSizeCounts() {
        Cost fast = calls(Cost.UNKNOWN, 20, 1_000_000, 10 * MS);
        Cost slow = calls(fast, 20, 1000, 1000 * MS);
        assertThat(of(slow)).isEqualTo(MS);
        assertThat(of(calls(slow, 20, 1_000_000, 10 * MS))).isEqualTo(10);
    }

    @Test
    void itIsNeverNegativeNorMoreThanTheLargerCallsTake() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Cost cost = Cost.UNKNOWN;
        double dearest = 0;
        for (int i = 0; i < 10_000; i++) {
            long bytes = 1 + (long) Math.pow(10, random.nextDouble(0, 7));
            long nanos = (long) Math.pow(10, random.nextDouble(0, 10));
            dearest = Math.max(dearest, (double) nanos / bytes);
            cost = cost.with(bytes, nanos);
            assertThat(cost.sizes()).hasSizeLessThanOrEqualTo(2);
            assertThat(cost.nanosPerByte().orElse(0))
                    .as("seed %d, call %d", seed, i)
                    .isBetween(0.0, dearest);
        }
    }

    @Test
    void aFunctionThatHasBecomeSlowerIsNoticedWithinAFewCalls() {
        Cost fast = calls(Cost.UNKNOWN, 100, 1_000_000, 10 * MS);
        assertThat(of(calls(fast, 10, 1_000_000, 100 * MS))).isGreaterThan(80);
    }

    @Test
    void chunksOfOneAndTwoRowsAreOfOneSize() {
        Cost cost = Cost.UNKNOWN;
        for (int i = 0; i < 100; i++) {
            cost = cost.with(8L * (1 + i % 2), 600 * MS * (1 + i % 2));
        }
        assertThat(cost.sizes()).hasSize(1);
        assertThat(of(cost)).isCloseTo(75.0 * MS, Percentage.withPercentage(1));
    }
}
