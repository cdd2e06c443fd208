package io.fanfold.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fanfold.aggregator.catalog.Policy;
import io.fanfold.http.HttpSettings;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.topics.Purge;
import io.fanfold.testkit.RandomArrays;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** Arrays that are larger than the memory of the producer that takes them in, and uploads that break off. */
final class UploadIT {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Pattern ADDRESS = Pattern.compile("http=\"(http://[^\"]+)\"");
    private static final long MEGABYTE = 1_000_000;

    @TempDir
    static Path directory;

    private static HttpFleet fleet;
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        Policy purging = abandoning(Policy.DEFAULT.abandonAfter());
        fleet = HttpFleet.withoutWorker(directory, HttpSettings.DEFAULT, settings -> settings.with(purging));
        fleet.worker(Optional.of(Purge.EVERY));
        await().atMost(LONG).until(() -> fleet.get("/v1/functions").body().contains("\"sleep\""));
    }

    @AfterAll
    static void stop() {
        fleet.close();
    }

    private static Policy abandoning(Duration after) {
        return new Policy(
                Duration.ofSeconds(5),
                after,
                Optional.empty(),
                Duration.ofDays(1),
                Optional.of(Duration.ofSeconds(1)),
                Duration.ofSeconds(1),
                Policy.DEFAULT.checkpointBytes());
    }

    @Test
    void anArrayOfTwoHundredMegabytesGoesThroughAProducerOfSixtyFour() throws Exception {
        goesThrough("64m", 200 * MEGABYTE);
    }

    @Test
    @EnabledIfEnvironmentVariable(named = "FANFOLD_TEST_LARGE", matches = "1")
    void anArrayOfFourGigabytesGoesThroughAProducerOfAQuarter() throws Exception {
        goesThrough("256m", 4000 * MEGABYTE);
    }

    private void goesThrough(String heap, long bytes) throws Exception {
        Command producer = producer(heap);
        try {
            URI address = address(producer);
            Rising body = new Rising(bytes);
            CompletableFuture<HttpResponse<String>> answer = http.sendAsync(
                    HttpRequest.newBuilder(address.resolve("/v1/jobs?function=identity&fold=sum"))
                            .header("Idempotency-Key", "large-" + bytes)
                            .POST(BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> body), body.bytes()))
                            .build(),
                    BodyHandlers.ofString());
            String found = "/v1/jobs?key=large-" + bytes;
            await().atMost(LONG)
                    .until(() -> answer.isDone()
                            || jobs(address, found).path(0).path("chunksDone").asLong() > 0);
            assertThat(answer).as("its outcomes come in before its last rows").isNotDone();
            body.end();

            HttpResponse<String> accepted = answer.get();

            assertThat(accepted.statusCode())
                    .as(accepted.body() + producer.logged())
                    .isEqualTo(202);
            awaitState(address, found, "COMPLETED");
            String job = jobs(address, found).path(0).path("job").asText();
            HttpResponse<byte[]> sums = http.send(
                    HttpRequest.newBuilder(address.resolve("/v1/jobs/" + job + "/result"))
                            .build(),
                    BodyHandlers.ofByteArray());
            assertThat(Npy.decode(MemorySegment.ofArray(sums.body()), "sums")
                            .data()
                            .toArray(ValueLayout.JAVA_LONG_UNALIGNED))
                    .isEqualTo(body.sums());
        } finally {
            producer.terminate();
            producer.await();
        }
    }

    @Test
    void anUploadThatBrokeOffGoesOnUnderItsKey() throws Exception {
        byte[] npy = Npy.encode(new RandomArrays(7).of(DType.parse("<f8"), Shape.of(4000, 1000), Order.C));
        Command producer = producer("256m");
        try {
            URI address = address(producer);
            cut(address, "function=identity", "goes-on", npy, 20_000_000);
            String job =
                    jobs(address, "/v1/jobs?key=goes-on").path(0).path("job").asText();

            String again = sent(address, "function=identity", "goes-on", npy);

            assertThat(again).isEqualTo(job);
            awaitState(address, "/v1/jobs?key=goes-on", "COMPLETED");
            assertThat(http.send(
                                    HttpRequest.newBuilder(address.resolve("/v1/jobs/" + job + "/result"))
                                            .build(),
                                    BodyHandlers.ofByteArray())
                            .body())
                    .isEqualTo(npy);
        } finally {
            producer.terminate();
            assertThat(producer.await().code()).isZero();
        }
    }

    @Test
    void anUploadThatBrokeOffExpiresAndItsKeyIsFree() throws Exception {
        byte[] npy = Npy.encode(new RandomArrays(8).of(DType.parse("<f4"), Shape.of(3000, 1000), Order.C));
        Path home = directory.resolve("expiring");
        Policy soon = abandoning(Duration.ofSeconds(5));
        try (HttpFleet impatient = HttpFleet.withoutWorker(home, HttpSettings.DEFAULT, s -> s.with(soon))) {
            impatient.worker();
            await().atMost(LONG)
                    .until(() -> impatient.get("/v1/functions").body().contains("\"sleep\""));
            cut(impatient.address(), "function=identity", "expires", npy, 5_000_000);
            awaitState(impatient.address(), "/v1/jobs?key=expires", "EXPIRED");
            JsonNode expired = jobs(impatient.address(), "/v1/jobs?key=expires").path(0);
            assertThat(expired.path("error").asText()).isNotBlank();
            impatient.stop(); // it would give up the second upload too, if that were slow

            try (HttpFleet patient =
                    HttpFleet.withoutWorker(impatient.kafka(), home, HttpSettings.DEFAULT, settings -> settings)) {
                await().atMost(LONG)
                        .until(() -> patient.get("/v1/functions").body().contains("\"sleep\""));
                String again = sent(patient.address(), "function=identity", "expires", npy);

                assertThat(again).isNotEqualTo(expired.path("job").asText());
                awaitState(patient.address(), "/v1/jobs?key=expires", "COMPLETED");
            }
        }
    }

    private static Command producer(String heap) {
        return Command.startWithHeap(
                heap,
                directory,
                "producer",
                "--bootstrap-server",
                fleet.kafka().bootstrapServers(),
                "--topic-prefix",
                fleet.kafka().topics().prefix(),
                "--spool",
                directory.resolve("spool").toString());
    }

    private static URI address(Command producer) {
        await().atMost(LONG).until(() -> ADDRESS.matcher(producer.logged()).find() || !producer.running());
        Matcher m = ADDRESS.matcher(producer.logged());
        assertThat(m.find()).as(producer.logged()).isTrue();
        return URI.create(m.group(1));
    }

    /** Waits until the one job that is found is in a state. */
    private void awaitState(URI address, String found, String state) {
        await().atMost(LONG).untilAsserted(() -> {
            JsonNode jobs = jobs(address, found);
            assertThat(jobs.path(0).path("state").asText()).as(jobs.toString()).isEqualTo(state);
        });
    }

    private JsonNode jobs(URI address, String path) throws Exception {
        return HttpFleet.json(
                        http.send(HttpRequest.newBuilder(address.resolve(path)).build(), BodyHandlers.ofString()))
                .path("jobs");
    }

    private String sent(URI address, String options, String key, byte[] npy) throws Exception {
        HttpResponse<String> accepted = http.send(
                HttpRequest.newBuilder(address.resolve("/v1/jobs?" + options))
                        .header("Idempotency-Key", key)
                        .POST(BodyPublishers.ofByteArray(npy))
                        .build(),
                BodyHandlers.ofString());
        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
        return HttpFleet.json(accepted).path("job").asText();
    }

    /** Sends the beginning of an array, and closes the connection when there is a job. */
    private void cut(URI address, String options, String key, byte[] npy, int bytes) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), address.getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST /v1/jobs?" + options + " HTTP/1.1\r\nHost: fanfold\r\nIdempotency-Key: " + key
                            + "\r\nContent-Length: " + npy.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            out.write(npy, 0, bytes);
            out.flush();
            await().atMost(LONG)
                    .until(() -> !jobs(address, "/v1/jobs?key=" + key).isEmpty());
        }
    }
}
