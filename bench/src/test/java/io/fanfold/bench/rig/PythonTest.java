package io.fanfold.bench.rig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PythonTest {
    private static final int ROWS = 1000;

    @TempDir
    Path directory;

    @Test
    void aPythonThatIsNotThereIsAReason() throws Exception {
        try (Lab lab = lab(directory.resolve("none").toString())) {
            assertThat(new Python(lab).lacks("sys").orElseThrow())
                    .startsWith(directory.resolve("none") + " cannot be run: ");
        }
    }

    @Test
    void aModuleThatIsNotThereIsAReason() throws Exception {
        try (Lab lab = withNumPy()) {
            assertThat(new Python(lab).lacks("no_such_module"))
                    .hasValue("python3 cannot import no_such_module: ModuleNotFoundError: No module named"
                            + " 'no_such_module'");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pool", "executor", "fresh"})
    void poolsOfPythonComeToTheMomentThatJavaComputes(String kind) throws Exception {
        try (Lab lab = withNumPy()) {
            Path array = Arrays.random(directory.resolve("x.npy"), ROWS, 1);
            SplittableRandom random = new SplittableRandom(ROWS);
            double[] x = random.doubles(ROWS).toArray();
            Rival pool = new Python(lab).rival("pools.py", kind, "2", array.toString(), "sqrt");
            double expected = Moment.of(ROWS, i -> Math.sqrt(x[(int) i]));
            assertThat(pool.round().moment()).isCloseTo(expected, within(1e-9 * expected));
            assertThat(pool.round().moment()).isCloseTo(expected, within(1e-9 * expected));
        }
    }

    private Lab lab(String python) throws Exception {
        return new Lab(new Lab.Setup(true, python, directory));
    }

    private Lab withNumPy() throws Exception {
        Lab lab = lab("python3");
        assumeTrue(new Python(lab).lacks("numpy").isEmpty(), "python3 has no NumPy");
        return lab;
    }
}
