package io.fanfold.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** Somebody who does what a guide says, in one terminal and an empty directory, and stops where a command fails. */
final class Reader {
    private static final long PATIENCE_SECONDS = 400;

    private final Path directory;
    private final UnaryOperator<String> addressed;

    /**
     * @param addressed a text of the guide with the addresses of the fleet that there is
     * @param python the one that the terminal has
     */
    Reader(Path directory, UnaryOperator<String> addressed, Path python) throws IOException {
        this.directory = directory;
        this.addressed = addressed;
        Path command = Files.createDirectory(directory.resolve("bin")).resolve("python3");
        Files.writeString(command, "#!/bin/sh\nexec '" + python + "' \"$@\"\n");
        Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Saves every file and types every block; each ends with 0, and shows what the guide shows. */
    void follow(Guide guide) throws IOException, InterruptedException {
        for (Guide.Snippet.Source source : guide.sources()) {
            Files.writeString(directory.resolve(source.name()), addressed.apply(source.text()));
        }
        List<Guide.Snippet.Typed> typed = guide.typed();
        int code = run(script(typed));
        for (int i = 0; i < typed.size(); i++) {
            String shown = Files.readString(output(i));
            boolean last = i + 1 == typed.size() || !Files.exists(output(i + 1));
            assertThat(last ? code : 0)
                    .as(
                            "exit code of%n%s%nwhich printed%n%s%nand%n%s",
                            typed.get(i).text(), shown, said())
                    .isZero();
            typed.get(i).shown().ifPresent(expected -> expected.assertIs(shown));
        }
    }

    /** One shell for all blocks, so that variables last; the output of each is a file. */
    private String script(List<Guide.Snippet.Typed> typed) {
        StringBuilder script = new StringBuilder("set -euo pipefail\nPATH=$PWD/bin:$PATH\n");
        for (int i = 0; i < typed.size(); i++) {
            String text = addressed.apply(typed.get(i).text());
            script.append("{\n").append(text).append("} > ").append(output(i)).append('\n');
        }
        return script.toString();
    }

    private int run(String script) throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve("guide.sh"), script);
        Process shell = new ProcessBuilder("bash", file.toString())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(errors().toFile())
                .start();
        if (!shell.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            shell.descendants().forEach(ProcessHandle::destroyForcibly);
            shell.destroyForcibly().waitFor();
        }
        return shell.exitValue();
    }

    private Path output(int block) {
        return directory.resolve(block + ".out");
    }

    private Path errors() {
        return directory.resolve("errors.out");
    }

    private String said() throws IOException {
        return Files.readString(errors());
    }
}
