package io.fanfold.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.opentest4j.AssertionFailedError;

/**
 * A real NumPy in a child process, to say what is right. Where there is none, a test that asks for it is reported as skipped;
 * where the environment variable {@value #VARIABLE} is 1, it fails instead. Any thread.
 */
public final class NumPy {
    /** The environment variable that says that NumPy must be here. */
    public static final String VARIABLE = "FANFOLD_TEST_NUMPY";

    private static final String PYTHON = System.getenv().getOrDefault("FANFOLD_TEST_PYTHON", "python3");
    private static final long ANSWER_WITHIN_SECONDS = 120;

    /** Compares files pair by pair; nothing is ever unpickled. Prints a line for each pair that differs. */
    private static final String COMPARE = """
        import sys
        import numpy as np

        def same(a, b):
            if a.dtype.names is not None:
                return all(same(a[n], b[n]) for n in a.dtype.names)
            return np.array_equal(a, b, equal_nan=a.dtype.kind in "fcmM")

        paths = [line.rstrip("\\n") for line in open(sys.argv[1], encoding="utf-8")]
        for expected, actual in zip(paths[::2], paths[1::2]):
            a = np.load(expected, allow_pickle=False)
            b = np.load(actual, allow_pickle=False)
            what = [(x.dtype.descr if x.dtype.names else x.dtype.str, x.shape) for x in (a, b)]
            if what[0] != what[1]:
                print(f"{actual}: expected {what[0]}, was {what[1]}")
            elif not same(a, b):
                print(f"{actual}: {what[1]} with other elements")
        """;

    private static final Optional<String> VERSION = version();

    private NumPy() {}

    /** The NumPy of this machine; ends the test that asks where there is none. */
    public static NumPy here() {
        if (VERSION.isEmpty() && "1".equals(System.getenv(VARIABLE))) {
            throw new AssertionFailedError(
                    VARIABLE + " is 1 and python3 has no NumPy: install it, or unset the variable");
        }
        Assumptions.assumeTrue(VERSION.isPresent(), "python3 has no NumPy: not compared with it");
        return new NumPy();
    }

    /** The Python that has it. */
    public String python() {
        return PYTHON;
    }

    /** Two {@code .npy} files. */
    public record Pair(Path expected, Path actual) {}

    /** Every pair has the same dtype, byte order included, the same shape and the same elements; NaN equals NaN. */
    public void assertEqual(List<Pair> pairs) {
        try {
            Path list = Files.createTempFile("pairs", ".txt");
            List<String> lines = new ArrayList<>();
            pairs.forEach(pair -> lines.addAll(
                    List.of(pair.expected().toString(), pair.actual().toString())));
            Files.write(list, lines);
            assertThat(run(COMPARE, list.toString()))
                    .as("what NumPy calls different")
                    .isEmpty();
            Files.delete(list);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a Python script and gives what it printed; fails with its error output where it fails. */
    public String run(String script, String... arguments) {
        return python(script, arguments).orFail();
    }

    private static Optional<String> version() {
        Answer answer = python("import numpy; print(numpy.__version__)");
        return answer.status() == 0 ? Optional.of(answer.output().strip()) : Optional.empty();
    }

    /** What a script printed and how it ended. */
    private record Answer(int status, String output) {
        String orFail() {
            if (status != 0) {
                throw new AssertionFailedError("python3 ended with " + status + ": " + output);
            }
            return output;
        }
    }

    private static Answer python(String script, String... arguments) {
        List<String> command = new ArrayList<>(List.of(PYTHON, "-c", script));
        command.addAll(Arrays.asList(arguments));
        try {
            Path output = Files.createTempFile("python", ".out");
            Process python = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            python.getOutputStream().close();
            if (!python.waitFor(ANSWER_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                python.destroyForcibly();
                return new Answer(-1, "no answer within " + ANSWER_WITHIN_SECONDS + " s");
            }
            String said = Files.readString(output, StandardCharsets.UTF_8);
            Files.delete(output);
            return new Answer(python.exitValue(), said);
        } catch (IOException e) {
            return new Answer(-1, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer(-1, "interrupted");
        }
    }
}
