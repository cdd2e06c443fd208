package io.fanfold.deploy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Programs of Prometheus, from the path. */
final class Programs {
    /** Where it is 1, promtool and prometheus have to be there. */
    static final String GATE = "FANFOLD_TEST_PROMTOOL";

    static final String NEEDED = "needs promtool and prometheus on the path, and " + GATE + "=1";

    private Programs() {}

    /** Runs a program in a directory, and requires that it is content. */
    static String run(Path directory, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s: %s", List.of(command), output).isZero();
        return output;
    }
}
