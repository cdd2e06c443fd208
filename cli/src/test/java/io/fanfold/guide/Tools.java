package io.fanfold.guide;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.opentest4j.AssertionFailedError;

/**
 * The programs that a guide is written for. Where its variable is 1 they have to be there; elsewhere, if they are not, the test that asks
 * is skipped.
 *
 * @param modules that Python has to have
 * @param probes commands that end with 0 where the other tools are there
 */
record Tools(String variable, String modules, List<List<String>> probes) {
    private static final List<String> CURL_ITSELF = List.of("curl", "--version");
    private static final long ANSWER_WITHIN_SECONDS = 60;

    static final Tools CURL = new Tools("FANFOLD_TEST_CURL", "numpy", List.of(CURL_ITSELF));
    static final Tools KCAT = new Tools("FANFOLD_TEST_KCAT", "numpy", List.of(List.of("kcat", "-V"), CURL_ITSELF));
    static final Tools NODE = new Tools(
            "FANFOLD_TEST_NODE",
            "sys",
            List.of(
                    List.of("node", "-e", "process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)"),
                    List.of("npm", "view", "kafkajs@2.2.4", "version", "--fetch-retries=0")));
    static final Tools PYTHON_CLIENTS =
            new Tools("FANFOLD_TEST_PYTHON_CLIENTS", "numpy, requests, confluent_kafka", List.of());

    /** The Python that has what the guide needs; ends the test that asks where anything is missing. */
    Path python() {
        Optional<Path> python =
                probes.stream().allMatch(probe -> answer(probe).isPresent()) ? pythonWithModules() : Optional.empty();
        if (python.isEmpty() && "1".equals(System.getenv(variable))) {
            throw new AssertionFailedError(variable + " is 1 and one of these is missing: " + needed());
        }
        Assumptions.assumeTrue(python.isPresent(), () -> "one of these is missing: " + needed());
        return python.orElseThrow();
    }

    private Optional<Path> pythonWithModules() {
        String where = "import sys, " + modules + "; print(sys.executable)";
        return Stream.of(System.getenv().getOrDefault("FANFOLD_TEST_PYTHON", "python3"), "/usr/bin/python3")
                .flatMap(name -> answer(List.of(name, "-c", where)).stream())
                .map(path -> Path.of(path.strip()))
                .findFirst();
    }

    private String needed() {
        return probes + ", python3 with " + modules;
    }

    /** What a command prints; empty if it cannot be started or does not end with 0. */
    private static Optional<String> answer(List<String> command) {
        try {
            Path output = Files.createTempFile("tool-", ".out");
            Process process = new ProcessBuilder(command)
                    .redirectOutput(output.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(ANSWER_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Optional.empty();
            }
            String said = Files.readString(output);
            Files.delete(output);
            return process.exitValue() == 0 ? Optional.of(said) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
