package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.testkit.TestJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/** A worker in a process of its own, with a heap of 256 MB, that can be killed. It ends with this JVM, however that ends. */
final class RealWorker implements AutoCloseable {
    private static final Pattern ASSIGNED = Pattern.compile("assigned=\"\\[\\d");

    private final String name;
    private final Process process;
    private final List<Said> said = new CopyOnWriteArrayList<>();

    /** A line of its log, and when it was read: milliseconds since the epoch. */
    record Said(long millis, String line) {}

    private RealWorker(String name, Process process) {
        this.name = name;
        this.process = process;
        Thread.ofPlatform().daemon().name(name + "-log").start(this::follow);
    }

    /**
     * Starts one.
     *
     * @param plugins a directory of jars with functions
     * @param options of {@code fanfold worker}
     */
    static RealWorker start(KafkaSettings kafka, String name, Path plugins, String... options) {
        List<String> command = TestJvm.command(List.of(), "io.fanfold.cli.Main", "worker", "--end-with-parent");
        command.addAll(List.of("--bootstrap-server", kafka.bootstrapServers()));
        command.addAll(List.of("--topic-prefix", kafka.topics().prefix()));
        command.addAll(TestJvm.clients(kafka));
        command.addAll(List.of("--name", name, "--plugins", plugins.toString()));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(key -> key.startsWith("FANFOLD_"));
        try {
            return new RealWorker(name, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void follow() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                said.add(new Said(System.currentTimeMillis(), line));
            }
        } catch (IOException e) {
            said.add(new Said(System.currentTimeMillis(), "the log broke off: " + e));
        }
    }

    /** All that it has logged. */
    List<Said> said() {
        return List.copyOf(said);
    }

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** Whether it had got as far as to say anything. */
    boolean spoke() {
        return !said.isEmpty();
    }

    /** Waits until it has partitions. */
    void joined() {
        await().atMost(Fleet.LONG)
                .untilAsserted(
                        () -> assertThat(assigned() || !alive()).as("%s", this).isTrue());
        assertThat(assigned()).as("%s", this).isTrue();
    }

    private boolean assigned() {
        return said.stream().anyMatch(s -> ASSIGNED.matcher(s.line()).find());
    }

    /** SIGTERM: it drains and leaves. */
    void stop() {
        process.destroy();
    }

    /** {@code kill -9}. */
    void kill() {
        process.destroyForcibly();
    }

    /** Waits for its end. */
    int exitCode() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public void close() {
        kill();
        process.onExit().join();
    }

    /** Its name, and the last that it said. */
    @Override
    public String toString() {
        List<Said> all = said();
        return name + " (" + pid() + ")"
                + all.stream()
                        .skip(Math.max(0, all.size() - 15))
                        .map(s -> "\n  " + s.line())
                        .reduce("", String::concat);
    }
}
