package io.fanfold.worker.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What a program printed that was asked to describe a function.
 *
 * @param output its standard output
 * @param lastLine of its error output; empty where there is none
 * @param how it ended: {@code exit code 0}, or that it took too long
 */
record Printed(String output, String lastLine, String how) {
    /**
     * Runs a program to its end, with nothing on its standard input.
     *
     * @throws IOException where it cannot be started
     */
    static Printed by(List<String> command, Duration timeout) throws IOException, InterruptedException {
        Path output = Files.createTempFile("fanfold-describe", ".out");
        Path errors = Files.createTempFile("fanfold-describe", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile());
            builder.environment().put(Described.VARIABLE, "1");
            String how = end(builder.start(), timeout);
            return new Printed(text(output), lastLine(text(errors)), how);
        } finally {
            Files.delete(output);
            Files.delete(errors);
        }
    }

    private static String end(Process process, Duration timeout) throws InterruptedException {
        try {
            return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)
                    ? ExitWords.of(process.exitValue())
                    : "no end within " + timeout.toSeconds() + " s";
        } finally {
            Stream.concat(Stream.of(process.toHandle()), process.descendants())
                    .toList()
                    .forEach(ProcessHandle::destroyForcibly);
        }
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    private static String lastLine(String text) {
        return text.lines().filter(line -> !line.isBlank()).reduce("", (_, line) -> line.strip());
    }
}
