package io.fanfold.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fanfold.aggregator.Aggregator;
import io.fanfold.aggregator.AggregatorSettings;
import io.fanfold.aggregator.catalog.Policy;
import io.fanfold.http.HttpSettings;
import io.fanfold.producer.ProducerSettings;
import io.fanfold.producer.client.ParallelMap;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Topics;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.TestBroker;
import io.fanfold.worker.Worker;
import io.fanfold.worker.WorkerSettings;
import io.fanfold.worker.function.FunctionRegistry;
import io.fanfold.worker.lane.RetryPolicy;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A fleet in this JVM that is used over HTTP: producer and aggregator in one application, as {@code up} has them, and a worker. It
 * purges nothing unless a test asks for it, so that tests can read what went through the broker.
 */
final class HttpFleet implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Policy KEEPING = new Policy(
            Policy.DEFAULT.purgeAfter(),
            Policy.DEFAULT.abandonAfter(),
            Policy.DEFAULT.keepResults(),
            Policy.DEFAULT.forgetAfter(),
            Optional.empty(),
            Policy.DEFAULT.checkEvery(),
            Policy.DEFAULT.checkpointBytes());

    private final KafkaSettings kafka;
    private final RoleServer server;
    private final Deque<Runnable> parts = new ArrayDeque<>();
    private final HttpClient http = HttpClient.newHttpClient();

    private HttpFleet(KafkaSettings kafka, RoleServer server) {
        this.kafka = kafka;
        this.server = server;
        parts.push(server::close);
        parts.push(http::shutdownNow);
    }

    /** All roles. */
    static HttpFleet whole(Path directory) throws IOException {
        return whole(directory, HttpSettings.DEFAULT);
    }

    static HttpFleet whole(Path directory, HttpSettings http) throws IOException {
        HttpFleet fleet = withoutWorker(directory, http, settings -> settings);
        fleet.worker();
        return fleet;
    }

    /** Producer and aggregator. */
    static HttpFleet withoutWorker(Path directory, HttpSettings http, UnaryOperator<AggregatorSettings> aggregator)
            throws IOException {
        return withoutWorker(TestBroker.of(BrokerKind.IN_JVM).freshFleet(), directory, http, aggregator);
    }

    /** Producer and aggregator, on topics that are there. */
    static HttpFleet withoutWorker(
            KafkaSettings kafka, Path directory, HttpSettings http, UnaryOperator<AggregatorSettings> aggregator)
            throws IOException {
        HttpAddress address = new HttpAddress("127.0.0.1", 0).settled();
        RoleServer server = RoleServer.start(
                address,
                http,
                List.of(
                        new ProducerSettings(
                                kafka, "producer", Set.of(Topics.DEFAULT_POOL), directory.resolve("uploads")),
                        aggregator.apply(new AggregatorSettings(
                                        kafka,
                                        "aggregator",
                                        directory.resolve("store"),
                                        Optional.of("http://127.0.0.1:" + address.port()))
                                .with(KEEPING))),
                List.of(Aggregator.class, ParallelMap.class));
        return new HttpFleet(kafka, server);
    }

    /** A producer alone, in front of another fleet's topics. */
    static HttpFleet producer(KafkaSettings kafka, Path directory, HttpSettings http) throws IOException {
        RoleServer server = RoleServer.start(
                new HttpAddress("127.0.0.1", 0),
                http,
                List.of(new ProducerSettings(
                        kafka, "producer-2", Set.of(Topics.DEFAULT_POOL), directory.resolve("uploads-2"))),
                List.of(ParallelMap.class));
        return new HttpFleet(kafka, server);
    }

    KafkaSettings kafka() {
        return kafka;
    }

    /** A worker with 2 threads. */
    void worker() {
        worker(Optional.empty());
    }

    void worker(Optional<Duration> purgeEvery) {
        Worker worker = Worker.start(
                new WorkerSettings(
                        kafka,
                        "worker-1",
                        Topics.DEFAULT_POOL,
                        new WorkerSettings.Pools(2, 2, 0, List.of()),
                        new WorkerSettings.Patience(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(10)),
                        RetryPolicy.DEFAULT,
                        true,
                        purgeEvery),
                FunctionRegistry.builtIn(),
                new SimpleMeterRegistry());
        parts.push(worker::close);
    }

    URI address() {
        return server.uri();
    }

    /** Begins a request to a path. */
    HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(address().resolve(path));
    }

    HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = to(path);
        return text(headers.length == 0 ? request : request.headers(headers));
    }

    HttpResponse<String> post(String path, byte[] body, String... headers) throws Exception {
        HttpRequest.Builder request = to(path).POST(BodyPublishers.ofByteArray(body));
        return text(headers.length == 0 ? request : request.headers(headers));
    }

    HttpResponse<String> text(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    HttpResponse<byte[]> bytes(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }

    HttpClient client() {
        return http;
    }

    static JsonNode json(String text) throws IOException {
        return JSON.readTree(text);
    }

    static JsonNode json(HttpResponse<String> response) throws IOException {
        return json(response.body());
    }

    /** The job as it is told now. */
    JsonNode job(String job) throws Exception {
        return json(get("/v1/jobs/" + job));
    }

    /** Stops this part of the fleet alone. */
    void stop() {
        server.close();
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            parts.pop().run();
        }
    }
}
