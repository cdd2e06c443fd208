package io.fanfold.deploy.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A program that is run to its end. */
final class Command {
    private Command() {}

    /**
     * What became of it.
     *
     * @param output what it printed, its errors as well if there were any
     */
    record Ended(int code, String output) {}

    static Ended run(Path directory, String... command) {
        try {
            Path errors = java.nio.file.Files.createTempFile("command-", ".err");
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectError(errors.toFile())
                    .start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            String said = java.nio.file.Files.readString(errors);
            java.nio.file.Files.delete(errors);
            return new Ended(code, code == 0 ? output : output + said);
        } catch (IOException e) {
            throw new UncheckedIOException(String.join(" ", command) + " cannot be run: is it installed?", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
