package io.fanfold.deploy.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program of this machine that is run to its end. */
final class Program {
    private Program() {}

    /**
     * Runs it and requires the exit code 0.
     *
     * @param directory where it runs
     * @param environment added to this process's own
     * @return what it wrote on standard output
     */
    static String output(Path directory, Map<String, String> environment, Duration within, List<String> command) {
        try {
            Path out = Files.createTempFile("out", ".txt");
            Path err = Files.createTempFile("err", ".txt");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " did not end within " + within + ": " + said(out, err));
            }
            assertThat(process.exitValue())
                    .as("%s: %s", command, said(out, err))
                    .isZero();
            String output = Files.readString(out, StandardCharsets.UTF_8);
            Files.delete(out);
            Files.delete(err);
            return output;
        } catch (IOException e) {
            throw new AssertionError(command + " cannot be run: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static String said(Path out, Path err) throws IOException {
        String both = Files.readString(out, StandardCharsets.UTF_8) + Files.readString(err, StandardCharsets.UTF_8);
        return both.substring(Math.max(0, both.length() - 6000));
    }
}
