package io.fanfold.testkit;

import io.fanfold.protocol.wire.KafkaSettings;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The command line of a JVM beside that of the test, with the test's class path and the options that {@code fanfold} gives. It is as
 * quick to start as can be: with the cache that the build makes of a start, and with the compiler that is soon done.
 */
public final class TestJvm {
    private static final String COMMAND = "fanfold-cli";

    private TestJvm() {}

    /**
     * The words to start it with.
     *
     * @param options of the JVM, after ours, so that they win
     * @param main the name of the class to run
     */
    public static List<String> command(List<String> options, String main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseParallelGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:-UsePerfData",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        List<String> classPath = new ArrayList<>(
                Arrays.asList(System.getProperty("java.class.path").split(File.pathSeparator)));
        jar(classPath).ifPresent(jar -> {
            classPath.remove(jar.toString());
            classPath.addFirst(jar.toString()); // a cache is of those that come first
            command.add("-XX:AOTCache=" + jar.resolveSibling("fanfold.aot"));
            command.add("-Xlog:disable"); // where the cache does not fit, or is not there, the JVM starts without it
        });
        command.addAll(options);
        command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath), main));
        command.addAll(List.of(arguments));
        return command;
    }

    /** The words that give a command the client properties of a fleet, from a file that goes with this JVM. */
    public static List<String> clients(KafkaSettings kafka) {
        try {
            Path file = Files.createTempFile("clients-", ".properties");
            file.toFile().deleteOnExit();
            Files.write(
                    file,
                    kafka.overrides().entrySet().stream()
                            .map(e -> e.getKey() + "=" + e.getValue())
                            .toList());
            return List.of("--kafka-config", file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The jar of the command, as it was built, with its libraries beside it. Where classes are tested that are in no jar yet: none. */
    private static Optional<Path> jar(List<String> classPath) {
        return classPath.stream()
                .map(Path::of)
                .filter(path -> path.getFileName().toString().startsWith(COMMAND)
                        && Files.isRegularFile(path)
                        && Files.isDirectory(path.resolveSibling("lib")))
                .findFirst();
    }
}
