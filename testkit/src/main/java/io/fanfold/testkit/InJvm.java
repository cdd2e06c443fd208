package io.fanfold.testkit;

import io.fanfold.broker.LocalBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The broker in this JVM, in a directory that goes with it. */
final class InJvm {
    private InJvm() {}

    static String start() {
        try {
            Path data = Files.createTempDirectory("fanfold-broker-");
            LocalBroker broker = LocalBroker.start(data, LocalBroker.freePort(), Map.of());
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(broker, data), "stop-broker"));
            return broker.bootstrapServers();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void stop(LocalBroker broker, Path data) {
        broker.close();
        try {
            remove(data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.deleteIfExists(path);
            }
        }
    }
}
