package io.fanfold.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.testkit.RandomArrays;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/** The commands that go through a door to a fleet: each through both, and the same comes of it. */
final class CommandsIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ArraySlice ARRAY = new RandomArrays(8).of(DType.parse("<f8"), Shape.of(60, 7), Order.C);

    @TempDir
    static Path work;

    private static HttpFleet fleet;

    @TempDir
    Path directory;

    private Path in = Path.of("");
    private Path out = Path.of("");

    /** The ways in. */
    enum Way {
        HTTP,
        KAFKA;

        List<String> options() {
            return switch (this) {
                case HTTP -> List.of("--server", fleet.address().toString());
                case KAFKA ->
                    List.of(
                            "--bootstrap-server",
                            fleet.kafka().bootstrapServers(),
                            "--topic-prefix",
                            fleet.kafka().topics().prefix());
            };
        }

        Said fanfold(Object... arguments) {
            return fanfold(new StringWriter(), arguments);
        }

        /** The same; what it says can be read meanwhile. */
        Said fanfold(StringWriter out, Object... arguments) {
            return CommandsIT.fanfold(
                    out,
                    Stream.concat(Stream.of(arguments).map(Object::toString), options().stream())
                            .toArray(String[]::new));
        }

        /** Submits; returns the job's id. */
        String submit(Path array, Object... more) {
            Object[] all = Stream.concat(Stream.of("submit", "--in", array), Stream.of(more))
                    .toArray();
            Said said = fanfold(all);
            assertThat(said.code()).as(said.err()).isZero();
            assertThat(said.out().lines()).singleElement().asString().startsWith("j");
            return said.out().strip();
        }
    }

    record Said(int code, String out, String err) {}

    private static Said fanfold(StringWriter out, String... arguments) {
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        int code = line.execute(arguments);
        return new Said(code, out.toString(), err.toString());
    }

    @BeforeAll
    static void start() throws Exception {
        fleet = HttpFleet.whole(work);
        await().atMost(LONG).until(() -> fleet.get("/v1/functions").body().contains("identity"));
    }

    @AfterAll
    static void stop() {
        fleet.close();
    }

    @BeforeEach
    void files() throws Exception {
        in = Command.save(directory.resolve("x.npy"), ARRAY);
        out = directory.resolve("y.npy");
    }

    private static void assertRefused(Said said, int code, String... named) {
        assertThat(said.err().lines()).as(said.err()).hasSize(1);
        assertThat(said.err()).contains(named).doesNotContain("\tat ");
        assertThat(said.code()).isEqualTo(code);
    }

    @ParameterizedTest
    @EnumSource
    void anArrayIsSubmittedWaitedForAndFetched(Way way) throws Exception {
        String job = way.submit(in, "--function", "identity", "--chunks", "6");

        Said end = way.fanfold("wait", job);
        assertThat(end.code()).as(end.err()).isZero();
        assertThat(end.out()).startsWith("job " + job + ": COMPLETED, 6/6 chunks");
        Said result = way.fanfold("result", job, "--out", out);
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out()).startsWith("job " + job + " -> y.npy");
        assertThat(out).hasSameBinaryContentAs(in);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactlyInAnyOrder(in, out);
        }
    }

    @ParameterizedTest
    @EnumSource
    void submitSaysHowToWatchIt(Way way) {
        Said said = way.fanfold("submit", "--function", "identity", "--in", in);

        String job = said.out().strip();
        assertThat(said.err())
                .startsWith("watch it with: fanfold watch " + job + " " + String.join(" ", way.options()));
    }

    @ParameterizedTest
    @EnumSource
    void submitCanWaitAndWriteTheResult(Way way) {
        Said said = way.fanfold(
                "submit", "--function", "scale", "-p", "factor=1", "--in", in, "--wait", "--out", out, "--axis", "-1");

        assertThat(said.code()).as(said.err()).isZero();
        assertThat(out).hasSameBinaryContentAs(in);
    }

    @ParameterizedTest
    @EnumSource
    void anArrayMayComeFromStandardInput(Way way) throws Exception {
        Path fortran = Command.save(
                directory.resolve("f.npy"),
                new RandomArrays(9).of(DType.parse("<i4"), Shape.of(40, 30), Order.FORTRAN));
        for (Path file : List.of(in, fortran)) {
            String job;
            InputStream before = System.in;
            try {
                System.setIn(new ByteArrayInputStream(Files.readAllBytes(file)));
                job = way.submit(Path.of("-"), "--function", "identity", "--chunks", "3");
            } finally {
                System.setIn(before);
            }
            assertThat(way.fanfold("wait", job).code()).isZero();
            assertThat(way.fanfold("result", job, "--out", out).code()).isZero();
            assertThat(out).hasSameBinaryContentAs(file);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aKeyFindsItsJobWhoeverAsks(Way way) {
        String key = "night " + UUID.randomUUID();
        String job = way.submit(in, "--function", "identity", "--key", key);

        for (Way other : Way.values()) {
            assertThat(other.submit(in, "--function", "identity", "--key", key)).isEqualTo(job);
            assertThat(other.fanfold("status", "key:" + key).out()).contains("job       " + job, "key       " + key);
            assertThat(other.fanfold("jobs", "--key", key).out().lines()).hasSize(2);
            assertRefused(
                    other.fanfold("submit", "--function", "negate", "--key", key, "--in", in), 2, job, "another key");
        }
        assertThat(way.fanfold("wait", "key:" + key).code()).isZero();
        assertThat(way.fanfold("result", "key:" + key, "--out", out).code()).isZero();
        assertThat(out).hasSameBinaryContentAs(in);
    }

    @ParameterizedTest
    @EnumSource
    void statusTellsAllForPeopleAndForPrograms(Way way) {
        String job = way.submit(in, "--function", "scale", "-p", "factor=2", "--chunks", "4");
        assertThat(way.fanfold("wait", job).code()).isZero();

        Said text = way.fanfold("status", job);
        assertThat(text.code()).isZero();
        assertThat(text.out())
                .contains("job       " + job, "state     COMPLETED", "function  scale@1", "pool      default")
                .contains("array     float64 (60, 7)", "chunks    4/4", "result    http://127.0.0.1");
        JsonNode json = json(way.fanfold("status", job, "--json").out());
        assertThat(json.path("chunksDone").asInt()).isEqualTo(4);
        assertThat(json.path("rows").asInt()).isEqualTo(60);
        assertThat(json.path("shape")).hasToString("[60,7]");
        assertThat(json(way.fanfold("jobs", job, "--json").out())).isEqualTo(json);
    }

    @ParameterizedTest
    @EnumSource
    void watchShowsTheJobUntilItsEnd(Way way) throws Exception {
        String job = way.submit(in, "--function", "sleep", "-p", "ms=600000", "--chunks", "4", "--strategy", "threads");
        StringWriter shown = new StringWriter();
        CompletableFuture<Said> watching = CompletableFuture.supplyAsync(
                () -> way.fanfold(shown, "watch", job, "--json"),
                watch -> Thread.ofPlatform().daemon().start(watch));
        await().atMost(LONG).until(() -> shown.toString().contains("\n") || watching.isDone());
        assertThat(watching).as("the job has not ended").isNotDone();

        assertThat(way.fanfold("cancel", job).code()).isZero();

        Said lines = watching.get(LONG.toSeconds(), TimeUnit.SECONDS);
        assertThat(lines.code()).as(lines.err()).isEqualTo(1);
        assertThat(states(lines)).hasSizeGreaterThan(1).endsWith("CANCELLED").doesNotContain("FAILED");
        assertThat(way.fanfold("watch", job).out()).startsWith("job " + job + ": CANCELLED");
    }

    @ParameterizedTest
    @EnumSource
    void watchSaysOfAJobThatIsCompletedThatItIs(Way way) {
        String job = way.submit(in, "--function", "identity", "--chunks", "4");

        Said lines = way.fanfold("watch", job, "--json");

        assertThat(lines.code()).as(lines.err()).isZero();
        assertThat(states(lines)).endsWith("COMPLETED").doesNotContain("FAILED");
        assertThat(way.fanfold("watch", job).out()).startsWith("job " + job + ": COMPLETED");
    }

    private static List<String> states(Said lines) {
        return lines.out()
                .lines()
                .map(line -> json(line).path("state").asText())
                .toList();
    }

    private static JsonNode json(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new AssertionError(line, e);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aJobThatTakesLongerIsLeftAloneAndCanBeCancelled(Way way) {
        String job = way.submit(in, "--function", "sleep", "-p", "ms=600000", "--chunks", "2");

        Said timedOut = way.fanfold("wait", job, "--timeout", "0.2");
        assertThat(timedOut.code()).isEqualTo(4);
        assertThat(timedOut.err()).contains("time ran out after 0.2 s");
        assertRefused(way.fanfold("result", job, "--out", out), 1, job, "fanfold wait " + job);
        assertThat(out).doesNotExist();
        assertThat(way.fanfold("cancel", job).out()).contains(job, "asked to be cancelled");
        Said end = way.fanfold("wait", job);
        assertThat(end.code()).isEqualTo(1);
        assertThat(end.out()).contains("CANCELLED");
        assertRefused(way.fanfold("cancel", job), 2, job, "CANCELLED", "cannot be cancelled");
        assertRefused(way.fanfold("result", job, "--out", out), 1, "has no result", "CANCELLED");
    }

    @ParameterizedTest
    @EnumSource
    void aResultWithHolesHasAnExitCodeOfItsOwn(Way way) throws Exception {
        double[] points = new double[40]; // ten that escape at once, ten that never do
        Arrays.fill(points, 0, 20, 9);
        ArraySlice array = new ArraySlice(DType.parse("<f8"), Shape.of(20, 2), Order.C, MemorySegment.ofArray(points));
        Path slow = Command.save(directory.resolve("points.npy"), array);
        String job = way.submit(
                slow,
                "--function",
                "mandelbrot",
                "-p",
                "iterations=300000000",
                "--chunk-timeout",
                "0.5",
                "--chunks",
                "2",
                "--keep-going");

        assertThat(way.fanfold("wait", job).code()).isEqualTo(3);
        Said result = way.fanfold("result", job, "--out", out);

        assertThat(result.code()).as(result.err()).isEqualTo(3);
        assertThat(result.err()).contains("1 of 2 chunks failed", "y.mask.npy", "fanfold replay " + job);
        assertThat(out).exists();
        assertThat(directory.resolve("y.mask.npy")).exists();
        assertThat(directory.resolve("y.errors.json")).content().contains("\"index\"");
    }

    @ParameterizedTest
    @EnumSource
    void whatDoesNotExistIsNamed(Way way) {
        for (String command : List.of("status", "watch", "wait", "cancel")) {
            assertRefused(way.fanfold(command, "jNone"), 2, "there is no job jNone", "fanfold jobs");
            assertRefused(way.fanfold(command, "key:nobody"), 2, "there is no job key:nobody");
        }
        assertRefused(way.fanfold("status", "a/b"), 2, "a/b");
        assertRefused(way.fanfold("submit", "--function", "nope", "--in", in), 2, "nope");
        assertRefused(way.fanfold("submit", "--function", "scale", "--in", in), 2, "factor");
        assertRefused(way.fanfold("submit", "--function", "sqrt", "--in", in, "--axis", "9"), 2, "axis 9");
        assertRefused(way.fanfold("submit", "--function", "sqrt", "--in", directory.resolve("no.npy")), 2, "no.npy");
        assertRefused(way.fanfold("submit", "--function", "sqrt", "--in", in, "--pool", "nowhere"), 2, "nowhere");
    }

    @Test
    void bothDoorsTellTheSame() {
        String job = Way.HTTP.submit(in, "--function", "identity");
        assertThat(Way.KAFKA.fanfold("wait", job).code()).isZero();

        assertThat(Way.HTTP.fanfold("functions").out())
                .contains("scale@1", "--param factor=NUMBER")
                .isEqualTo(Way.KAFKA.fanfold("functions").out());
        assertThat(jobs(Way.HTTP)).contains(job).isEqualTo(jobs(Way.KAFKA));
        JsonNode there = json(Way.HTTP.fanfold("status", job, "--json").out());
        JsonNode here = json(Way.KAFKA.fanfold("status", job, "--json").out());
        there.properties().stream()
                .filter(field -> !field.getKey().equals("result"))
                .forEach(field ->
                        assertThat(here.path(field.getKey())).as(field.getKey()).isEqualTo(field.getValue()));
    }

    private static List<String> jobs(Way way) {
        return way.fanfold("jobs", "--state", "completed,failed,cancelled")
                .out()
                .lines()
                .map(line -> line.substring(0, line.indexOf(' ')))
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void jobsShowsTheNewestWhereAFewAreAskedFor(Way way) {
        String first = way.submit(in, "--function", "identity");
        String second = way.submit(in, "--function", "identity");

        assertThat(way.fanfold("jobs", "--limit", "2")
                        .out()
                        .lines()
                        .skip(1)
                        .map(line -> line.substring(0, line.indexOf(' '))))
                .containsExactly(first, second);
    }

    @Test
    void theDoctorFindsAFleetWell() {
        Said broker = Way.KAFKA.fanfold("doctor");
        assertThat(broker.code()).as(broker.out() + broker.err()).isZero();
        assertThat(broker.out())
                .containsPattern("ok +broker +1 broker at ")
                .containsPattern("ok +features +groups by KIP-848")
                .containsPattern("ok +clock ")
                .containsPattern("ok +topics +8 topics")
                .containsPattern("warning +replication +1 broker")
                .containsPattern("ok +rights ")
                .containsPattern("ok +functions +10 in 1 pool")
                .containsPattern("ok +aggregators +1 is there")
                .contains("pool default: 1 worker");
        Said server = Way.HTTP.fanfold("doctor");
        assertThat(server.code()).as(server.out()).isZero();
        assertThat(server.out())
                .containsPattern("ok +server +http.* is UP")
                .containsPattern("ok +token ")
                .containsPattern("ok +functions +10 are offered");
    }

    @Test
    void theDoctorIsReadByPrograms() {
        Said said = Way.KAFKA.fanfold("doctor", "--json");

        for (String line : said.out().lines().toList()) {
            JsonNode check = json(line);
            assertThat(check.path("level").asText()).isIn("ok", "unknown", "warning", "problem");
            assertThat(check.path("what").asText()).isNotBlank();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void coloursAreForTerminalsThatWantThem() throws Exception {
        String job = Way.KAFKA.submit(in, "--function", "identity");
        assertThat(Way.KAFKA.fanfold("wait", job).code()).isZero();
        String[] status = Stream.concat(Stream.of("status", job), Way.HTTP.options().stream())
                .toArray(String[]::new);

        assertThat(Command.startOnTerminal(directory, "", status).await().out()).contains("\u001b[32mCOMPLETED");
        assertThat(Command.startOnTerminal(directory, "NO_COLOR=1", status)
                        .await()
                        .out())
                .contains("COMPLETED")
                .doesNotContain("\u001b[");
        assertThat(Command.run(directory, status).out()).contains("COMPLETED").doesNotContain("\u001b[");
        String[] wrong = {"status", "a/b", "--server", "here"};
        assertThat(Command.startOnTerminal(directory, "NO_COLOR=1", wrong)
                        .await()
                        .out())
                .contains("fanfold:")
                .doesNotContain("\u001b[");
        assertThat(Command.run(directory, wrong).err()).contains("fanfold:").doesNotContain("\u001b[");
    }
}
