package io.fanfold.worker.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The Python program that serves a Python function, as a file in a directory that only this user can enter. It is made when it is
 * first needed, made again where a cleaner of temporary files has taken it away, and gone when this JVM ends. Any thread.
 */
final class Harness {
    private static final String NAME = "fanfold_child.py";

    private static @Nullable Path directory;

    private Harness() {}

    /**
     * Where it lies; it is there.
     *
     * @throws IOException where temporary files cannot be written
     */
    static synchronized String file() throws IOException {
        Path home = directory == null ? make() : directory;
        directory = home;
        Path file = home.resolve(NAME);
        if (!Files.exists(file)) {
            try (InputStream in = Objects.requireNonNull(Harness.class.getResourceAsStream(NAME), NAME)) {
                Files.createDirectories(home);
                Files.copy(in, file);
            }
        }
        return file.toString();
    }

    /** Sees to it that what a command needs is there. */
    static void needed(Iterable<String> command) throws IOException {
        for (String word : command) {
            if (word.endsWith(NAME)) {
                String _ = file();
            }
        }
    }

    /** With a hook of its own: File.deleteOnExit comes too late where another hook halts the JVM. */
    private static Path make() throws IOException {
        Path home = Files.createTempDirectory("fanfold-python-");
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("harness").unstarted(() -> delete(home)));
        return home;
    }

    private static void delete(Path home) {
        try {
            Files.deleteIfExists(home.resolve(NAME));
            Files.deleteIfExists(home);
        } catch (IOException e) {
            // it lies where temporary files lie
        }
    }
}
