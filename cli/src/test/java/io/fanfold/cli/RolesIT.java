package io.fanfold.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.OnEveryBroker;
import io.fanfold.testkit.RandomArrays;
import io.fanfold.testkit.TestBroker;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/** Producer, worker and aggregator, each a process of its own against a broker, used with nothing but HTTP. */
final class RolesIT {
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final Pattern ADDRESS = Pattern.compile("http=\"(http://[^\"]+)\"");
    private static final Pattern JOB = Pattern.compile("\"job\":\"([^\"]+)\"");

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    Path directory;

    @OnEveryBroker
    void eachRunsAloneServesItsHealthAndLeavesWithExitCodeZero(BrokerKind kind) throws Exception {
        KafkaSettings kafka = TestBroker.of(kind).freshFleet();
        Command producer =
                role(kafka, "producer", "--spool", directory.resolve("uploads").toString());
        String protocol = kafka.overrides().getOrDefault("group.protocol", "consumer");
        Command worker = role(kafka, "worker", "--group-protocol", protocol);
        Command aggregator = role(
                kafka,
                "aggregator",
                "--group-protocol",
                protocol,
                "--store",
                directory.resolve("store").toString());
        List<Command> roles = List.of(producer, worker, aggregator);

        for (Command role : roles) {
            String address = address(role);
            await().atMost(LONG).until(() -> get(address + "/health").statusCode() == 200);
            assertThat(get(address + "/health").body()).contains("\"status\":\"UP\"");
            assertThat(get(address + "/prometheus").body()).contains("kafka_").contains("jvm_");
        }
        arrayGoesThrough(address(producer));
        badRequestsAreProblems(address(producer), address(aggregator));
        assertThat(get(address(worker) + "/prometheus").body()).contains("fanfold_chunk_wall_seconds_count");

        roles.forEach(Command::terminate);
        for (Command role : roles) {
            Command.Ended ended = role.await();
            assertThat(ended.code()).as(ended.err()).isZero();
        }
    }

    private void arrayGoesThrough(String producer) throws Exception {
        ArraySlice array = new RandomArrays(3).of(DType.parse("<f4"), Shape.of(70, 50), Order.C);
        HttpResponse<String> accepted = post(
                producer + "/v1/jobs?function=identity&chunks=7&axis=1&time-to-live=3600&chunk-timeout=59.5",
                Npy.encode(array));
        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
        String job = first(JOB, accepted.body());
        assertThat(accepted.headers().firstValue("Location")).contains("/v1/jobs/" + job);

        await().atMost(LONG)
                .until(() -> get(producer + "/v1/jobs/" + job).body().contains("COMPLETED"));

        String status = get(producer + "/v1/jobs/" + job).body();
        assertThat(status).contains("\"chunksDone\":7,\"failed\":0,\"rows\":50,\"rowsLeft\":0,\"result\":\"/v1/jobs/");
        String result = first(Pattern.compile("\"result\":\"([^\"]+)\""), status);
        byte[] npy = http.send(
                        HttpRequest.newBuilder(URI.create(producer + result)).build(), BodyHandlers.ofByteArray())
                .body();
        assertThat(npy).isEqualTo(Npy.encode(array));
    }

    private void badRequestsAreProblems(String producer, String aggregator) throws Exception {
        byte[] array = Npy.encode(new RandomArrays(3).of(DType.parse("<f4"), Shape.of(5), Order.C));
        assertProblem(
                post(producer + "/v1/jobs?function=sqrt", "no array".getBytes(StandardCharsets.UTF_8)),
                "the body of the request");
        assertProblem(post(producer + "/v1/jobs?function=nope", array), "nope");
        assertProblem(post(producer + "/v1/jobs", array), "?function=NAME");
        assertProblem(post(producer + "/v1/jobs?function=sqrt&chunkz=9", array), "chunkz");
        assertProblem(post(producer + "/v1/jobs?function=sqrt&axis=1", array), "axis 1");
        assertProblem(post(producer + "/v1/jobs?function=sqrt&param.k=1", array), "\\\"k\\\"");
        assertProblem(post(producer + "/v1/jobs?function=sqrt&time-to-live=-1", array), "time-to-live is");
        assertProblem(post(producer + "/v1/jobs?function=sqrt&strategy=magic", array), "magic");
        assertProblem(post(producer + "/v1/jobs?function=sqrt&errors=ignore", array), "\\\"ignore\\\"", "keep-going");
        assertProblem(post(producer + "/v1/jobs?function=sqrt&error-budget=3", array), "errors=keep-going");
        assertThat(get(producer + "/v1/jobs/none").statusCode()).isEqualTo(404);
        assertThat(get(aggregator + "/v1/jobs/..%2F..%2Fsecret/result").statusCode())
                .isBetween(400, 404);
    }

    private void assertProblem(HttpResponse<String> response, String... named) {
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
        assertThat(response.body()).contains(named).doesNotContain(directory.toString());
    }

    private Command role(KafkaSettings kafka, String role, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                role,
                "--bootstrap-server",
                kafka.bootstrapServers(),
                "--topic-prefix",
                kafka.topics().prefix()));
        Stream.of(more).forEach(arguments::add);
        return Command.start(directory, arguments.toArray(String[]::new));
    }

    /** The address that a role logs once it serves. */
    private static String address(Command role) {
        await().atMost(LONG).until(() -> ADDRESS.matcher(role.logged()).find() || !role.running());
        return first(ADDRESS, role.logged());
    }

    private static String first(Pattern pattern, String text) {
        Matcher m = pattern.matcher(text);
        assertThat(m.find()).as(text).isTrue();
        return m.group(1);
    }

    private HttpResponse<String> get(String address) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String address, byte[] body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address))
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }
}
