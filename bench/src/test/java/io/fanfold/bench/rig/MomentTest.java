package io.fanfold.bench.rig;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MomentTest {
    @TempDir
    Path directory;

    private static double of(int... numbers) {
        return Moment.of(numbers.length, i -> numbers[(int) i]);
    }

    @Test
    void eachNumberCountsByItsPlace() {
        assertThat(of(5, 3, 4)).isEqualTo((3 + 2 * 4) / 3.0);
        assertThat(of(3, 4, 5)).isNotEqualTo(of(5, 3, 4));
    }

    @Test
    void filesHaveTheMomentOfTheirNumbers() throws IOException {
        assertThat(Moment.of(Arrays.zeros(directory.resolve("z.npy"), 10))).isZero();
        double[] x = new java.util.SplittableRandom(10).doubles(10).toArray();
        assertThat(Moment.of(Arrays.random(directory.resolve("x.npy"), 10, 1)))
                .isEqualTo(Moment.of(10, i -> x[(int) i]));
    }
}
