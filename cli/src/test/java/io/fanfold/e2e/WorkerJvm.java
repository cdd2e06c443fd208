package io.fanfold.e2e;

import static org.awaitility.Awaitility.await;

import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.testkit.TestJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The command {@code fanfold worker} in a process of its own with a heap of 256 MB, as it runs on a small machine. */
final class WorkerJvm implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile("http=\"(http://[^\"]+)\"");

    private static final String READINESS = "/health/readiness";

    private final Process process;
    private final Path log;
    private final HttpClient http = HttpClient.newHttpClient();

    private WorkerJvm(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts one and returns when it has joined its group. */
    static WorkerJvm start(KafkaSettings kafka, String... options) {
        List<String> command = TestJvm.command(
                List.of(),
                "io.fanfold.cli.Main",
                "worker",
                "--bootstrap-server",
                kafka.bootstrapServers(),
                "--topic-prefix",
                kafka.topics().prefix());
        command.addAll(TestJvm.clients(kafka));
        command.addAll(List.of(options));
        try {
            Path log = Files.createTempFile("worker-", ".log");
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            WorkerJvm worker = new WorkerJvm(process, log);
            worker.awaitReady();
            return worker;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitReady() {
        try {
            await().atMost(Fleet.LONG)
                    .until(() -> !alive() || (serves() && get(READINESS).contains("\"UP\"")));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private boolean serves() {
        return ADDRESS.matcher(said()).find();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** All that it has logged. */
    String said() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it answers to a request. */
    String get(String path) {
        Matcher m = ADDRESS.matcher(said());
        if (!m.find()) {
            throw new AssertionError("the worker has no address: " + said());
        }
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(m.group(1) + path)).build();
            return http.send(request, BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new UncheckedIOException(said(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** The sum of a metric over all its tags; 0 where it is not there. */
    double metric(String name) {
        return get("/prometheus")
                .lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Override
    public void close() {
        http.close();
        process.destroy();
        try {
            process.waitFor();
            Files.delete(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
