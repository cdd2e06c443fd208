package io.fanfold.producer.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DecimalTest {
    private final Decimal decimal = new Decimal();

    @Test
    void everyNumberIsTheNearestDouble() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 200_000; i++) {
            String text = text(random);
            assertThat(read(text)).as(text).isEqualTo(Double.parseDouble(text));
        }
    }

    private static String text(Random random) {
        double value = random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20);
        return switch (random.nextInt(5)) {
            case 0 -> Double.toString(value);
            case 1 -> Double.toString(Double.longBitsToDouble(random.nextLong() & ~(1L << 62)));
            case 2 -> String.format(Locale.ROOT, "%." + random.nextInt(25) + "f", value);
            case 3 -> Long.toString(random.nextLong() >> random.nextInt(64)) + "e" + (random.nextInt(60) - 30);
            default -> "00" + random.nextInt(1 << 30) + "." + (random.nextLong() >>> (1 + random.nextInt(63))) + "E+1";
        };
    }

    @Test
    void theSignOfZeroIsKept() {
        assertThat(Double.doubleToRawLongBits(read("-0"))).isEqualTo(Double.doubleToRawLongBits(-0.0));
        assertThat(Double.doubleToRawLongBits(read("-0.000e5"))).isEqualTo(Double.doubleToRawLongBits(-0.0));
        assertThat(Double.doubleToRawLongBits(read("+0"))).isZero();
        assertThat(read("0e999999999999")).isZero();
        assertThat(read("1e-999999999999")).isZero();
    }

    private double read(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        assertThat(decimal.read(bytes, 0, bytes.length)).as(text).isTrue();
        return decimal.value();
    }
}
