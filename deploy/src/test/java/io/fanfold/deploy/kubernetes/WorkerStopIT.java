package io.fanfold.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.cli.Main;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.RandomArrays;
import io.fanfold.testkit.TestBroker;
import io.fanfold.testkit.TestJvm;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker whose chunks take for ever answers the probes, and ends by itself in the time that a pod is given. */
final class WorkerStopIT {
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final int DRAIN = 2;
    private static final Pattern RUNNING = Pattern.compile("(?m)^fanfold_lane_running\\{.*} [1-9]");

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void aWorkerThatIsToldToStopEndsBeforeItIsKilled(@TempDir Path directory) throws Exception {
        Workload worker = worker();
        KafkaSettings kafka = TestBroker.of(BrokerKind.IN_JVM).freshFleet();
        int port = freePort();
        Process process = start(kafka, port, directory);
        try {
            for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
                String path =
                        worker.container().at("/" + probe + "/httpGet/path").asText();
                await().atMost(LONG)
                        .ignoreExceptions()
                        .until(() -> get(port, path).statusCode() == 200);
            }
            submit(kafka, directory);
            await().atMost(LONG)
                    .until(() ->
                            RUNNING.matcher(get(port, "/prometheus").body()).find());

            process.destroy();

            int grace = worker.pod().path("terminationGracePeriodSeconds").asInt();
            assertThat(process.waitFor(grace - worker.number("FANFOLD_DRAIN") + DRAIN, TimeUnit.SECONDS))
                    .isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly().onExit().join();
        }
    }

    private static Workload worker() throws IOException {
        return Workload.of(Manifest.parse(Files.readString(Rendering.ROOT.resolve("base/worker.yaml"))))
                .findFirst()
                .orElseThrow();
    }

    private static Process start(KafkaSettings kafka, int port, Path directory) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(TestJvm.command(
                        List.of(),
                        "io.fanfold.cli.Main",
                        "worker",
                        "--bootstrap-server",
                        kafka.bootstrapServers(),
                        "--topic-prefix",
                        kafka.topics().prefix(),
                        "--http-port",
                        Integer.toString(port),
                        "--drain",
                        Integer.toString(DRAIN)))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("worker.log").toFile());
        builder.environment().keySet().removeIf(key -> key.startsWith("FANFOLD_"));
        return builder.start();
    }

    /** A job in a child process, which has to be ended as well. */
    private static void submit(KafkaSettings kafka, Path directory) throws IOException {
        Path array = directory.resolve("x.npy");
        Files.write(array, Npy.encode(new RandomArrays(1).of(DType.parse("<f8"), Shape.of(4), Order.C)));
        assertThat(Main.commandLine()
                        .execute(
                                "submit",
                                "--bootstrap-server",
                                kafka.bootstrapServers(),
                                "--topic-prefix",
                                kafka.topics().prefix(),
                                "--function",
                                "sleep",
                                "--param",
                                "ms=600000",
                                "--strategy",
                                "processes",
                                "--chunks",
                                "2",
                                "--in",
                                array.toString()))
                .isZero();
    }

    private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
