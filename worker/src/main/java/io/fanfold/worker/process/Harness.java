package io.fanfold.worker.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** The Python program that serves a Python function, as a file: made when it is first needed, gone when this JVM ends. */
final class Harness {
    private static final String NAME = "fanfold_child.py";

    private Harness() {}

    static String file() {
        return Made.FILE.toString();
    }

    private static final class Made {
        static final Path FILE = make();

        private static Path make() {
            try (InputStream in = Objects.requireNonNull(Harness.class.getResourceAsStream(NAME), NAME)) {
                Path directory = Files.createTempDirectory("fanfold-python-");
                directory.toFile().deleteOnExit();
                Path file = directory.resolve(NAME);
                file.toFile().deleteOnExit();
                Files.copy(in, file);
                return file;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
