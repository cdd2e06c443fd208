package io.fanfold.deploy.metrics;

import static org.awaitility.Awaitility.await;

import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.testkit.TestJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One role of a fleet in a process of its own, with the heap that it has by default, and a port on this machine. */
final class RoleProcess implements AutoCloseable {
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final Pattern ADDRESS = Pattern.compile("http=\"(http://[^\"]+)\"");

    private final Process process;
    private final Path log;
    private final URI address;
    private final HttpClient http = HttpClient.newHttpClient();

    private RoleProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        await().atMost(LONG)
                .until(() -> !process.isAlive() || ADDRESS.matcher(said()).find());
        Matcher m = ADDRESS.matcher(said());
        if (!m.find()) {
            throw new AssertionError("the role has no address: " + said());
        }
        this.address = URI.create(m.group(1));
    }

    /** Starts it and returns when it serves. */
    static RoleProcess start(KafkaSettings kafka, String role, String... options) throws IOException {
        List<String> command = TestJvm.command(
                List.of(),
                "io.fanfold.cli.Main",
                role,
                "--bootstrap-server",
                kafka.bootstrapServers(),
                "--topic-prefix",
                kafka.topics().prefix());
        command.addAll(List.of(options));
        Path log = Files.createTempFile(role + "-", ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            return new RoleProcess(process, log);
        } catch (RuntimeException | Error e) {
            process.destroy();
            throw e;
        }
    }

    private String said() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Host and port. */
    String target() {
        return address.getAuthority();
    }

    String get(String path) {
        return text(HttpRequest.newBuilder(address.resolve(path)));
    }

    String post(String path, byte[] body) {
        return text(HttpRequest.newBuilder(address.resolve(path)).POST(BodyPublishers.ofByteArray(body)));
    }

    private String text(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            return response.body();
        } catch (IOException e) {
            throw new UncheckedIOException(said(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
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
