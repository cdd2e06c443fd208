package io.fanfold.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.client.MapRequest;
import io.fanfold.producer.client.Outcomes;
import io.fanfold.producer.client.ParallelMap;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.rights.Right;
import io.fanfold.protocol.rights.Role;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Topics;
import io.fanfold.testkit.Asked;
import io.fanfold.testkit.SecuredBroker;
import io.fanfold.testkit.SecuredBroker.Way;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A fleet of processes on a broker that allows each role what it has to do and nothing else. All that they are told comes by variables
 * of the environment and the files that those name.
 */
final class SecuredIT {
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final Pattern ADDRESS = Pattern.compile("http=\"(http://[^\"]+)\"");
    private static final Pattern JOB = Pattern.compile("\"job\":\"([^\"]+)\"");
    private static final String TOKEN = "s3cret-of-the-fleet";

    @TempDir
    static Path directory;

    private static SecuredBroker broker;

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Command> roles = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        broker = SecuredUsers.broker(Files.createDirectories(directory.resolve("broker")));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void rolesWorkWithTheirOwnRightsAloneAndUseAllOfThem(Way way) throws Exception {
        Topics topics = new Topics("s-" + way.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        Map<Role, Map<String, String>> told = new EnumMap<>(Role.class);
        for (Role role : Role.values()) {
            broker.grant(SecuredUsers.of(role), SecuredUsers.rights(role, topics));
            told.put(role, environment(role, way, topics));
        }
        String[] create = {"topics", "create", "--partitions", "2", "--outcome-partitions", "1"};
        assertDone(Command.startWith(told.get(Role.TOPICS), directory, create).await());
        assertDone(Command.startWith(told.get(Role.TOPICS), directory, create).await());
        Path home = Files.createDirectories(directory.resolve(topics.prefix()));
        Command producer = role(told.get(Role.PRODUCER), home, "producer --spool up --purge-every 1");
        Command _ = role(told.get(Role.WORKER), home, "worker --max-attempts 1 --purge-every 1");
        Command _ = role(told.get(Role.WORKER), home, "worker --max-attempts 1 --purge-every 1"); // reads of the first
        Command aggregator = role(
                told.get(Role.AGGREGATOR),
                home,
                "aggregator --store store --purge-every 1 --purge-after 30 --forget-after 1");

        commands(told.get(Role.CLIENT), home);
        requests(address(producer), address(aggregator));
        submissions(topics);
        program(broker.as(SecuredUsers.of(Role.CLIENT), way, topics), home);
        assertThat(letters(told.get(Role.CLIENT), home)).contains("sleep", "ran longer");

        for (Role role : Role.values()) {
            await().atMost(LONG)
                    .untilAsserted(() ->
                            assertThat(unused(role, topics)).as(role.word()).isEmpty());
        }
        roles.forEach(Command::terminate);
        for (Command role : roles) {
            Command.Ended ended = role.await();
            assertThat(ended.code()).as(ended.err()).isZero();
            assertThat(ended.err()).doesNotContain("nothing is purged", "lacks a right");
        }
    }

    @Test
    void aRoleThatMayNothingSaysAllThatItNeedsAndEndsWithExitCodeOne() throws Exception {
        Topics topics = new Topics("nothing");
        Map<String, String> environment = environment(Role.WORKER, Way.MTLS, topics);
        Command.Ended ended =
                Command.startWith(environment, directory, "worker").await();
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err())
                .contains("the worker lacks 12 rights at " + broker.bootstrapServers(Way.MTLS))
                .contains("READ on topic nothing.chunks.default", "WRITE on topic nothing.outcomes")
                .contains("--allow-principal User:NAME --operation Read --group nothing.worker.default");
    }

    @AfterEach
    void endAll() {
        roles.forEach(Command::kill);
    }

    /** One after the other, as they would share this machine's processors. */
    private Command role(Map<String, String> environment, Path home, String words) {
        Command role = Command.startWith(environment, home, words.split(" "));
        roles.add(role);
        String address = address(role);
        await().atMost(LONG)
                .until(() -> http.send(get(address + "/health"), BodyHandlers.discarding())
                                .statusCode()
                        == 200);
        return role;
    }

    private static Map<String, String> environment(Role role, Way way, Topics topics) throws Exception {
        return Map.of(
                "FANFOLD_BOOTSTRAP_SERVER", broker.bootstrapServers(way),
                "FANFOLD_KAFKA_CONFIG",
                        broker.config(SecuredUsers.of(role), way).toString(),
                "FANFOLD_TOPIC_PREFIX", topics.prefix(),
                "FANFOLD_TOKEN_FILE",
                        Files.writeString(directory.resolve("token"), TOKEN + "\n")
                                .toString());
    }

    /** An array that is too large for the record of its job's end goes from the aggregator to who has the token. */
    private static void commands(Map<String, String> environment, Path home) throws Exception {
        ArraySlice array =
                ArraySlice.of(DoubleStream.iterate(0, x -> x + 1).limit(100_000).toArray());
        Path in = Command.save(home.resolve("x.npy"), array);
        String[] submit = {"submit", "--function", "identity", "--in", in.toString(), "--wait", "--out", "y.npy"};
        assertDone(Command.startWith(environment, home, submit).await());
        assertThat(home.resolve("y.npy")).hasSameBinaryContentAs(in);
    }

    private static String letters(Map<String, String> environment, Path home) throws Exception {
        Command.Ended ended =
                Command.startWith(environment, home, "dead-letters", "list").await();
        assertDone(ended);
        return ended.out();
    }

    /** What comes over HTTP: let in with the token, failed, cancelled, looked at chunk by chunk. */
    private void requests(String producer, String aggregator) throws Exception {
        assertThat(http.send(get(producer + "/v1/jobs"), BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(401);
        String failing = job(post(producer + "/v1/jobs?function=sleep&param.ms=60000&chunk-timeout=0.2"));
        await().atMost(LONG)
                .until(() -> read(producer + "/v1/jobs/" + failing).body().contains("FAILED"));
        String slow = job(post(producer + "/v1/jobs?function=sleep&param.ms=60000"));
        HttpResponse<String> cancelled =
                http.send(bearing(producer + "/v1/jobs/" + slow).DELETE().build(), BodyHandlers.ofString());
        assertThat(cancelled.statusCode()).as(cancelled.body()).isLessThan(300);
        String quick = job(post(producer + "/v1/jobs?function=identity"));
        await().atMost(LONG)
                .until(() -> read(producer + "/v1/jobs/" + quick).body().contains("COMPLETED"));
        assertThat(read(producer + "/v1/jobs/" + quick + "/outcomes").statusCode())
                .isEqualTo(200);
        assertThat(read(aggregator + "/v1/jobs/" + quick + "/result").statusCode())
                .isEqualTo(200);
    }

    private static void submissions(Topics topics) throws Exception {
        try (KafkaProducer<byte[], byte[]> upstream =
                new KafkaProducer<>(broker.mighty(topics).producer("upstream", 0))) {
            for (byte[] value : new byte[][] {Npy.encode(ArraySlice.of(new double[] {4, 9})), {1, 2, 3}}) {
                ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topics.submissions(), value);
                record.headers().add("fanfold-function", "sqrt".getBytes(StandardCharsets.UTF_8));
                upstream.send(record).get();
            }
        }
    }

    /** A Java program: chunks one by one, and a result that it has no token for. */
    private static void program(KafkaSettings kafka, Path home) throws Exception {
        ArraySlice array = ArraySlice.of(new double[100_000]);
        MapRequest request = MapRequest.of("identity").inChunks(4);
        try (ParallelMap map =
                ParallelMap.connect(kafka, "program", Set.of(), Optional.of(TOKEN), new SimpleMeterRegistry())) {
            JobHandle job = map.submit(request, array);
            try (Outcomes outcomes = job.outcomes()) {
                List<Object> all = new ArrayList<>();
                outcomes.forEach(all::add);
                assertThat(all).hasSize(4);
            }
            assertThat(job.resultTo(home.resolve("z.npy")).get()).exists();
            JobHandle slow = map.submit(MapRequest.of("sleep").with("ms", 60_000L), ArraySlice.of(new double[1]));
            slow.cancel();
            assertThat(slow.ended().get().end()).isEqualTo(JobState.End.CANCELLED);
        }
        try (ParallelMap map = ParallelMap.connect(kafka, "program", Set.of(), new SimpleMeterRegistry())) {
            JobHandle job = map.submit(request, array);
            assertThatThrownBy(() -> job.resultTo(home.resolve("z.npy")).get())
                    .hasCauseInstanceOf(FanfoldException.class)
                    .hasMessageContaining("wants a token")
                    .hasMessageContaining("FANFOLD_TOKEN_FILE");
        }
    }

    /** Rights that the broker was never asked for: nothing would be amiss without them. */
    private static List<Right> unused(Role role, Topics topics) {
        Set<Asked> asked = broker.asked(SecuredUsers.of(role));
        return SecuredUsers.rights(role, topics).stream()
                .filter(right -> asked.stream()
                        .noneMatch(a ->
                                a.allowed() && a.operation() == right.operation() && right.covers(a.type(), a.name())))
                .toList();
    }

    private static void assertDone(Command.Ended ended) {
        assertThat(ended.code()).as(ended.out() + ended.err()).isZero();
    }

    private static String address(Command role) {
        await().atMost(LONG).until(() -> ADDRESS.matcher(role.logged()).find() || !role.running());
        return first(ADDRESS, role.logged());
    }

    private static String first(Pattern pattern, String text) {
        Matcher m = pattern.matcher(text);
        assertThat(m.find()).as(text).isTrue();
        return m.group(1);
    }

    private static HttpRequest get(String address) {
        return HttpRequest.newBuilder(URI.create(address)).build();
    }

    private static HttpRequest.Builder bearing(String address) {
        return HttpRequest.newBuilder(URI.create(address)).header("Authorization", "Bearer " + TOKEN);
    }

    private HttpResponse<String> read(String address) throws Exception {
        return http.send(bearing(address).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String address) throws Exception {
        byte[] array = Npy.encode(ArraySlice.of(new double[] {1, 2, 3}));
        return http.send(
                bearing(address).POST(BodyPublishers.ofByteArray(array)).build(), BodyHandlers.ofString());
    }

    private static String job(HttpResponse<String> accepted) {
        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
        return first(JOB, accepted.body());
    }
}
