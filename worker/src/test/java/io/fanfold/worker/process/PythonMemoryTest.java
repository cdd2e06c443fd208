package io.fanfold.worker.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.testkit.NumPy;
import io.fanfold.worker.function.ChildFunction;
import io.fanfold.worker.strategy.Ending;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A chunk in Python that wants more memory than its process may have. */
final class PythonMemoryTest {
    private static final long LIMIT = 640L << 20;

    @TempDir
    private Path files;

    @Test
    void itRaisesAnErrorAndItsProcessGoesOn() throws Exception {
        Path file = Files.writeString(files.resolve("memory.py"), """
            import numpy as np

            def takes(x, *, mib):
                return x + np.ones(mib << 17).sum() - (mib << 17)
            """);
        ChildFunction takes = PythonFunctions.describe(NumPy.here().python(), file + ":takes");
        ChildSettings settings = new ChildSettings(
                1, 0, TestChild.COMMAND, Duration.ofSeconds(60), 1 << 20, new ChildMemory(OptionalLong.of(LIMIT)));
        try (Nursery nursery = new Nursery(settings)) {
            assertThat(Nursery.doubles(nursery.run(takes, Map.of("mib", 400L), 1)))
                    .containsExactly(1);
            assertThat(nursery.run(takes, Map.of("mib", 700L), 1))
                    .isInstanceOfSatisfying(
                            Ending.Raised.class,
                            raised -> assertThat(raised.error() + raised.message())
                                    .contains("MemoryError", "700. MiB"));
            assertThat(Nursery.doubles(nursery.run(takes, Map.of("mib", 400L), 2)))
                    .containsExactly(2);
            assertThat(nursery.count("fanfold.children.started")).isOne();
        }
    }
}
