package io.fanfold.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fanfold.http.HttpSettings;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.testkit.RandomArrays;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a fleet answers over HTTP. */
final class HttpIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final ArraySlice SMALL = new RandomArrays(1).of(DType.parse("<f8"), Shape.of(30, 4), Order.C);
    private static final ArraySlice LARGE = new RandomArrays(2).of(DType.parse("<i4"), Shape.of(3000, 101), Order.C);

    @TempDir
    static Path directory;

    /** It does not wait for what is coming in. */
    private static final HttpSettings STOPS_AT_ONCE = new HttpSettings(
            Optional.empty(), 1000, 16384, new HttpSettings.Uploads(1L << 40, 32, 1000, Duration.ZERO));

    private static HttpFleet fleet;

    @BeforeAll
    static void start() throws Exception {
        fleet = HttpFleet.whole(directory);
        await().atMost(LONG).until(() -> fleet.get("/v1/functions").body().contains("\"sleep\""));
    }

    @AfterAll
    static void stop() throws Exception {
        fleet.close();
    }

    private static String submit(String options, byte[] body, String... headers) throws Exception {
        HttpResponse<String> accepted = fleet.post("/v1/jobs?" + options, body, headers);
        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
        String job = HttpFleet.json(accepted).path("job").asText();
        assertThat(accepted.headers().firstValue("Location")).contains("/v1/jobs/" + job);
        return job;
    }

    private static String completed(String options, byte[] body, String... headers) throws Exception {
        String job = submit(options, body, headers);
        await().atMost(LONG).until(() -> fleet.job(job).path("state").asText().equals("COMPLETED"));
        return job;
    }

    private static byte[] result(String job) throws Exception {
        HttpResponse<byte[]> answer = fleet.bytes(fleet.to("/v1/jobs/" + job + "/result"));
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String... named) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonNode problem = HttpFleet.json(answer);
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("title").asText()).isNotBlank();
        assertThat(problem.path("detail").asText()).contains(named);
    }

    @Test
    void anArrayComesBackAsItWas() throws Exception {
        for (ArraySlice array : List.of(SMALL, LARGE)) {
            byte[] npy = Npy.encode(array);

            String job = completed("function=identity&chunks=7", npy);

            JsonNode view = fleet.job(job);
            assertThat(view.path("function").asText()).startsWith("identity@");
            assertThat(view.path("pool").asText()).isEqualTo("default");
            assertThat(view.path("chunks").asInt()).isEqualTo(7);
            assertThat(view.path("chunksDone").asInt()).isEqualTo(7);
            assertThat(view.path("failed").asInt()).isZero();
            assertThat(view.path("rows").asLong()).isEqualTo(array.shape().dim(0));
            assertThat(view.path("rowsLeft").asInt(-1)).isZero();
            assertThat(view.path("dtype").asText()).isEqualTo(array.dtype().name());
            assertThat(view.path("shape").get(1).asLong())
                    .isEqualTo(array.shape().dim(1));
            assertThat(view.path("accepted").asText()).isNotEmpty();
            assertThat(view.path("result").asText()).isEqualTo("/v1/jobs/" + job + "/result");
            assertThat(view.has("key")).isFalse();
            assertThat(result(job)).isEqualTo(npy);
        }
    }

    @Test
    void anotherAxisAndFortranOrderGoThroughTheDisk() throws Exception {
        byte[] fortran = Npy.encode(new RandomArrays(3).of(DType.parse("<f4"), Shape.of(40, 30), Order.FORTRAN));

        assertThat(result(completed("function=identity&chunks=5", fortran))).isEqualTo(fortran);
        assertThat(result(completed("function=identity&chunks=5&axis=1", fortran)))
                .isEqualTo(fortran);
        assertThat(result(completed("function=identity&chunks=5&axis=-1", Npy.encode(LARGE))))
                .isEqualTo(Npy.encode(LARGE));
        assertThat(result(completed("function=identity&axis=1", csv("1,2,3\n4,5,6\n"), "Content-Type", "text/csv")))
                .isEqualTo(Npy.encode(floats(2, 3, 1, 2, 3, 4, 5, 6)));
    }

    private static byte[] csv(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ArraySlice floats(long rows, long columns, double... values) {
        ArraySlice array = Npy.blank(DType.parse("<f8"), Shape.of(rows, columns), Order.C);
        java.nio.ByteBuffer data = array.data().asByteBuffer().order(java.nio.ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            data.putDouble(value);
        }
        return array;
    }

    @Test
    void csvAndJsonAreArraysToo() throws Exception {
        byte[] expected = Npy.encode(floats(2, 2, 1, -2.5, 3, 1e10));

        assertThat(result(completed("function=identity", csv("1,-2.5\n3,1e10\n"), "Content-Type", "text/csv")))
                .isEqualTo(expected);
        assertThat(result(completed(
                        "function=identity&delimiter=%3B&skip-rows=1",
                        csv("a;b\n1;-2.5\n3;1e10\n"), "Content-Type", "text/csv; charset=utf-8")))
                .isEqualTo(expected);
        assertThat(result(completed(
                        "function=identity", csv("[[1, -2.5], [3, 1e10]]"), "Content-Type", "application/json")))
                .isEqualTo(expected);
        String job = completed("function=identity&dtype=int32", csv("[1,2,3]"), "Content-Type", "application/json");
        assertThat(fleet.job(job).path("dtype").asText()).isEqualTo("int32");
    }

    @Test
    void aResultIsServedInRanges() throws Exception {
        byte[] npy = Npy.encode(LARGE);
        String job = completed("function=identity&chunks=3", npy);
        String path = "/v1/jobs/" + job + "/result";

        HttpResponse<byte[]> part = fleet.bytes(fleet.to(path).header("Range", "bytes=100-199"));

        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(npy, 100, 200));
        assertThat(part.headers().firstValue("Content-Range")).contains("bytes 100-199/" + npy.length);
        String tag = part.headers().firstValue("ETag").orElseThrow();
        assertThat(fleet.get(path, "If-None-Match", tag).statusCode()).isEqualTo(304);
        assertThat(fleet.bytes(fleet.to(path).headers("Range", "bytes=0-0", "If-Range", "\"other\""))
                        .body())
                .isEqualTo(npy);
        assertProblem(fleet.get(path, "Range", "bytes=" + npy.length + "-"), 416, "bytes=" + npy.length + "-");
        HttpResponse<byte[]> head = fleet.bytes(fleet.to(path).HEAD());
        assertThat(head.headers().firstValue("Content-Length")).contains("" + npy.length);
        assertThat(head.body()).isEmpty();
    }

    @Test
    void anotherProducerServesWhatItsAggregatorsKeep() throws Exception {
        byte[] large = Npy.encode(LARGE);
        String job = completed("function=identity&chunks=3", large);
        String small = completed("function=identity&chunks=3", Npy.encode(SMALL));
        try (HttpFleet other = HttpFleet.producer(fleet.kafka(), directory, HttpSettings.DEFAULT)) {
            HttpResponse<byte[]> whole = other.bytes(other.to("/v1/jobs/" + job + "/result"));
            assertThat(whole.statusCode()).isEqualTo(200);
            assertThat(whole.body()).isEqualTo(large);
            HttpResponse<byte[]> part =
                    other.bytes(other.to("/v1/jobs/" + job + "/result").header("Range", "bytes=-7"));
            assertThat(part.statusCode()).isEqualTo(206);
            assertThat(part.body()).isEqualTo(Arrays.copyOfRange(large, large.length - 7, large.length));
            assertThat(other.bytes(other.to("/v1/jobs/" + small + "/result")).body())
                    .isEqualTo(Npy.encode(SMALL));
            assertThat(other.bytes(other.to("/v1/jobs/" + small + "/result").header("Range", "bytes=3-9"))
                            .body())
                    .isEqualTo(Arrays.copyOfRange(Npy.encode(SMALL), 3, 10));
        }
    }

    @Test
    void whatIsNotThereSaysWhy() throws Exception {
        assertProblem(fleet.get("/v1/jobs/none"), 404, "none", "GET /v1/jobs");
        for (String what : List.of("result", "mask", "errors", "events", "outcomes")) {
            assertProblem(fleet.get("/v1/jobs/none/" + what), 404, "none");
        }
        assertProblem(fleet.text(fleet.to("/v1/jobs/none").DELETE()), 404, "none");
        String job = completed("function=identity", Npy.encode(SMALL));
        assertProblem(fleet.get("/v1/jobs/" + job + "/mask"), 404, "whole");
        assertProblem(fleet.get("/v1/jobs/" + job + "/errors"), 404, "whole");
        assertProblem(fleet.text(fleet.to("/v1/jobs/" + job).DELETE()), 409, "COMPLETED");
    }

    @Test
    void aJobCanBeCancelled() throws Exception {
        String job = submit("function=sleep&param.ms=60000&chunks=8", Npy.encode(SMALL));
        assertProblem(fleet.get("/v1/jobs/" + job + "/result"), 409, job, "events");

        HttpResponse<String> asked = fleet.text(fleet.to("/v1/jobs/" + job).DELETE());

        assertThat(asked.statusCode()).isEqualTo(202);
        await().atMost(LONG).until(() -> fleet.job(job).path("state").asText().equals("CANCELLED"));
        assertThat(fleet.job(job).path("error").asText()).contains("cancelled over HTTP");
        assertProblem(fleet.get("/v1/jobs/" + job + "/result"), 409, "CANCELLED", "cancelled over HTTP");
        assertProblem(fleet.text(fleet.to("/v1/jobs/" + job).DELETE()), 409, "CANCELLED");
    }

    @Test
    void theSameKeyIsTheSameJob() throws Exception {
        byte[] npy = Npy.encode(SMALL);
        String job = completed("function=identity", npy, "Idempotency-Key", "a key/1");

        assertThat(submit("function=identity", npy, "Idempotency-Key", "a key/1"))
                .isEqualTo(job);

        assertThat(fleet.job(job).path("key").asText()).isEqualTo("a key/1");
        JsonNode found = HttpFleet.json(fleet.get("/v1/jobs?key=a%20key/1")).path("jobs");
        assertThat(found).hasSize(1);
        assertThat(found.get(0).path("job").asText()).isEqualTo(job);
        HttpResponse<String> other = fleet.post("/v1/jobs?function=negate", npy, "Idempotency-Key", "a key/1");
        assertProblem(other, 409, "a key/1", job);
        assertThat(HttpFleet.json(other).path("job").asText()).isEqualTo(job);
        byte[] changed = npy.clone();
        changed[changed.length - 1] ^= 1;
        assertProblem(fleet.post("/v1/jobs?function=identity", changed, "Idempotency-Key", "a key/1"), 409, job);
        assertThat(fleet.get("/v1/jobs?key=another").body()).isEqualTo("{\"jobs\":[]}");
    }

    @Test
    void jobsAreListedTheNewestFirst() throws Exception {
        String first = completed("function=identity", Npy.encode(SMALL));
        String second = completed("function=identity", Npy.encode(SMALL));

        JsonNode two =
                HttpFleet.json(fleet.get("/v1/jobs?limit=2&state=completed")).path("jobs");

        assertThat(two).hasSize(2);
        List<String> all = HttpFleet.json(fleet.get("/v1/jobs")).path("jobs").findValuesAsText("job");
        assertThat(all.indexOf(second)).isLessThan(all.indexOf(first));
    }

    @Test
    void progressIsTold() throws Exception {
        Dripping dripping = new Dripping(Npy.encode(LARGE)); // it cannot end before it was seen to run
        CompletableFuture<HttpResponse<String>> accepted = fleet.client()
                .sendAsync(
                        fleet.to("/v1/jobs?function=identity&chunk-bytes=10000")
                                .header("Idempotency-Key", "told")
                                .POST(BodyPublishers.ofInputStream(() -> dripping))
                                .build(),
                        BodyHandlers.ofString());
        await().atMost(LONG).until(() -> !jobs("key=told").isEmpty());
        String job = jobs("key=told").getFirst();

        HttpResponse<Stream<String>> events =
                fleet.client().send(fleet.to("/v1/jobs/" + job + "/events").build(), BodyHandlers.ofLines());

        assertThat(events.headers().firstValue("Content-Type")).contains("text/event-stream");
        List<String> lines = new ArrayList<>();
        try (Stream<String> body = events.body()) {
            body.forEach(line -> {
                lines.add(line);
                if (line.contains("RUNNING")) {
                    dripping.goOn();
                }
            });
        }
        String[] all = String.join("\n", lines).strip().split("\n\n");
        assertThat(all).hasSizeGreaterThan(2).allMatch(event -> event.startsWith("event: ") || event.equals(":"));
        assertThat(all[0]).startsWith("event: progress\ndata: {\"job\":\"" + job + "\"");
        String last = all[all.length - 1];
        assertThat(last).startsWith("event: end\ndata: ").contains("COMPLETED");
        assertThat(accepted.get().statusCode()).isEqualTo(202);
        assertThat(lines).anyMatch(line -> line.contains("RUNNING"));
    }

    @Test
    void progressIsToldWhileTheJobRuns() throws Exception {
        String job = submit("function=sleep&param.ms=60000&chunks=4", Npy.encode(SMALL));
        HttpResponse<InputStream> events =
                fleet.client().send(fleet.to("/v1/jobs/" + job + "/events").build(), BodyHandlers.ofInputStream());

        try (InputStream body = events.body()) {
            assertThat(new String(body.readNBytes(15), StandardCharsets.UTF_8)).isEqualTo("event: progress");
            assertThat(fleet.text(fleet.to("/v1/jobs/" + job).DELETE()).statusCode())
                    .isEqualTo(202);
            assertThat(new String(body.readAllBytes(), StandardCharsets.UTF_8))
                    .contains("event: end")
                    .contains("CANCELLED");
        }
    }

    @Test
    void outcomesAreLinesOfJson() throws Exception {
        String job = submit("function=identity&chunks=6", Npy.encode(SMALL));

        HttpResponse<String> lines = fleet.get("/v1/jobs/" + job + "/outcomes");

        assertThat(lines.headers().firstValue("Content-Type")).contains("application/x-ndjson");
        List<String> all = lines.body().lines().filter(line -> !line.isEmpty()).toList();
        assertThat(all).hasSize(7);
        Set<Integer> indexes = new TreeSet<>();
        for (String line : all.subList(0, 6)) {
            JsonNode outcome = HttpFleet.json(line);
            assertThat(outcome.path("state").asText()).isEqualTo("computed");
            assertThat(outcome.path("rows").asInt()).isEqualTo(5);
            assertThat(outcome.path("start").asInt())
                    .isEqualTo(5 * outcome.path("index").asInt());
            ArraySlice chunk = Npy.decode(
                    java.lang.foreign.MemorySegment.ofArray(
                            Base64.getDecoder().decode(outcome.path("npy").asText())),
                    "line");
            assertThat(chunk.shape()).isEqualTo(Shape.of(5, 4));
            indexes.add(outcome.path("index").asInt());
        }
        assertThat(indexes).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(all.getLast()).isEqualTo("{\"end\":\"COMPLETED\"}");
        assertThat(fleet.get("/v1/jobs/" + job + "/outcomes?values=false").body())
                .contains("\"index\":5")
                .doesNotContain("npy");
    }

    @Test
    void outcomesOfAFailedJobSayWhatFailed() throws Exception {
        String job = submit(
                "function=sleep&param.ms=600000&chunks=2&chunk-timeout=0.05&errors=keep-going", Npy.encode(SMALL));

        List<String> lines =
                fleet.get("/v1/jobs/" + job + "/outcomes").body().lines().toList();

        assertThat(lines.getFirst()).contains("\"state\":\"failed\"", "\"error\":", "\"message\":");
        assertThat(lines.getLast()).contains("\"end\":\"");
    }

    @Test
    void functionsAreToldWithTheirParameters() throws Exception {
        JsonNode functions = HttpFleet.json(fleet.get("/v1/functions")).path("functions");

        JsonNode scale = null;
        for (JsonNode function : functions) {
            scale = function.path("name").asText().equals("scale") ? function : scale;
        }
        assertThat(scale).isNotNull();
        assertThat(scale.path("pool").asText()).isEqualTo("default");
        assertThat(scale.path("function").asText())
                .isEqualTo("scale@" + scale.path("version").asText());
        assertThat(scale.path("about").asText()).isNotBlank();
        assertThat(scale.path("dtypes").isEmpty()).isFalse();
        assertThat(scale.path("parameters").path("type").asText()).isEqualTo("object");
        assertThat(scale.path("parameters").path("properties").isEmpty()).isFalse();
        assertThat(scale.path("strategies").toString()).contains("\"auto\"");
    }

    @Test
    void oneCallMapsAnArray() throws Exception {
        for (ArraySlice array : List.of(SMALL, LARGE)) {
            HttpResponse<byte[]> answer = fleet.bytes(
                    fleet.to("/v1/map/identity?chunks=3").POST(BodyPublishers.ofByteArray(Npy.encode(array))));

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(Npy.encode(array));
        }
        HttpResponse<String> late = fleet.post("/v1/map/sleep?param.ms=60000&timeout=0.2", Npy.encode(SMALL));
        assertProblem(late, 504, "goes on", "timeout");
        String job = HttpFleet.json(late).path("job").asText();
        assertThat(fleet.job(job).path("state").asText()).isIn("SUBMITTED", "RUNNING");
        assertThat(fleet.text(fleet.to("/v1/jobs/" + job).DELETE()).statusCode())
                .isEqualTo(202);
        assertProblem(fleet.post("/v1/map/sleep?param.ms=600000&chunk-timeout=0.05", Npy.encode(SMALL)), 409, "FAILED");
    }

    @Test
    void aBodyThatIsWrongBehindItsBeginningEndsItsJob() throws Exception {
        byte[] npy = Npy.encode(LARGE);
        byte[] truncated = Arrays.copyOf(npy, npy.length - 5);
        byte[] more = Arrays.copyOf(npy, npy.length + 5);

        assertProblem(fleet.post("/v1/jobs?function=identity", truncated, "Idempotency-Key", "cut"), 400, "truncated");
        assertProblem(fleet.post("/v1/jobs?function=identity", more, "Idempotency-Key", "more"), 400, "more behind");

        for (String key : List.of("cut", "more")) {
            await().atMost(LONG)
                    .until(() -> HttpFleet.json(fleet.get("/v1/jobs?key=" + key))
                            .path("jobs")
                            .get(0)
                            .path("state")
                            .asText()
                            .equals("CANCELLED"));
        }
        assertThat(submit("function=identity", npy, "Idempotency-Key", "cut")).isNotEmpty();
    }

    @Test
    void aTokenIsAskedFor() throws Exception {
        HttpSettings settings = new HttpSettings(Optional.of("s3cret"), 0, 16384, HttpSettings.Uploads.DEFAULT);
        try (HttpFleet guarded = HttpFleet.withoutWorker(directory.resolve("guarded"), settings, s -> s)) {
            await().atMost(LONG).until(() -> guarded.get("/health").statusCode() == 200);
            for (String open : List.of("/prometheus", "/openapi.yaml", "/docs")) {
                assertThat(guarded.get(open).statusCode()).as(open).isEqualTo(200);
            }
            for (String path : List.of("/v1/jobs", "/v1/functions", "/v1/jobs/x/result", "/nothing")) {
                HttpResponse<String> refused = guarded.get(path);
                assertProblem(refused, 401, "Authorization: Bearer");
                assertThat(refused.headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"fanfold\"");
            }
            assertProblem(guarded.get("/v1/jobs", "Authorization", "Bearer s3creT"), 401, "token");
            assertProblem(guarded.get("/v1/jobs", "Authorization", "Basic s3cret"), 401, "token");
            assertThat(guarded.get("/v1/jobs", "Authorization", "Bearer s3cret").statusCode())
                    .isEqualTo(200);
            assertThat(twoAnswers(guarded, "POST /v1/jobs?function=identity", 3_000_000))
                    .containsExactly(401, 200);
        }
    }

    @Test
    void noMoreIsTakenInThanAllowed() throws Exception {
        HttpSettings settings = new HttpSettings(Optional.empty(), 0, 16384, new HttpSettings.Uploads(2_000_000, 1, 2));
        try (HttpFleet small = HttpFleet.withoutWorker(directory.resolve("limited"), settings, s -> s)) {
            small.worker();
            await().atMost(LONG).until(() -> small.get("/v1/functions").body().contains("\"sleep\""));
            byte[] npy = Npy.encode(SMALL);
            assertProblem(
                    small.post("/v1/jobs?function=identity", new byte[2_000_001]), 413, "2000000", "--max-body-bytes");
            assertThat(twoAnswers(small, "POST /v1/jobs?function=identity", 3_000_000))
                    .containsExactly(413, 200);
            Dripping dripping = new Dripping(Npy.encode(LARGE));
            CompletableFuture<HttpResponse<String>> slow = HttpClient.newHttpClient()
                    .sendAsync(
                            small.to("/v1/jobs?function=sleep&param.ms=60000")
                                    .POST(BodyPublishers.ofInputStream(() -> dripping))
                                    .build(),
                            BodyHandlers.ofString());
            await().atMost(LONG)
                    .until(() ->
                            !HttpFleet.json(small.get("/v1/jobs")).path("jobs").isEmpty());
            HttpResponse<String> busy = small.post("/v1/jobs?function=identity", npy);
            assertProblem(busy, 429, "--max-uploads");
            assertThat(busy.headers().firstValue("Retry-After")).isPresent();
            dripping.goOn();
            assertThat(slow.get().statusCode()).isEqualTo(202);
            assertThat(small.post("/v1/jobs?function=sleep&param.ms=60000", npy).statusCode())
                    .isEqualTo(202);
            assertProblem(small.post("/v1/jobs?function=identity", npy), 429, "--max-jobs");
        }
    }

    @Test
    void aBodyThatIsNotTakenIsNotInTheWayOfTheNextRequest() throws Exception {
        assertThat(twoAnswers(fleet, "POST /v1/jobs?function=nope", 3_000_000)).containsExactly(400, 200);
        assertThat(twoAnswers(fleet, "POST /v1/jobs?function=identity&chunks=x", 3_000_000))
                .containsExactly(400, 200);
        assertThat(twoAnswers(fleet, "POST /v1/map/identity?timeout=0", 3_000_000))
                .containsExactly(400, 200);
        assertThat(twoAnswers(fleet, "POST /v1/map/identity", 3_000_000)).containsExactly(400, 200);
        assertThat(twoAnswers(fleet, "POST /v1/nothing", 3_000_000)).containsExactly(404, 200);
        assertThat(twoAnswers(fleet, "PUT /v1/jobs", 3_000_000)).containsExactly(405, 200);
    }

    /** The status of the answer to a request with a body of zeros, and that of another one behind it on the same connection. */
    private static List<Integer> twoAnswers(HttpFleet to, String request, int bytes) throws Exception {
        List<Integer> answers = new ArrayList<>();
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), to.address().getPort())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            out.write((request + " HTTP/1.1\r\nHost: fanfold\r\nContent-Length: " + bytes + "\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            out.write(new byte[bytes]);
            out.write("GET /docs HTTP/1.1\r\nHost: fanfold\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.UTF_8));
            out.flush();
            Matcher status = Pattern.compile("HTTP/1.1 (\\d+) ")
                    .matcher(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            while (status.find()) {
                answers.add(Integer.valueOf(status.group(1)));
            }
        }
        return answers;
    }

    @Test
    void whoAsksTooOftenIsToldToWait() throws Exception {
        HttpSettings settings = new HttpSettings(Optional.empty(), 5, 16384, HttpSettings.Uploads.DEFAULT);
        try (HttpFleet small = HttpFleet.producer(fleet.kafka(), directory, settings)) {
            await().atMost(LONG).untilAsserted(() -> {
                HttpResponse<String> answer = small.get("/nothing");
                assertProblem(answer, 429, "slowly");
                assertThat(answer.headers().firstValue("Retry-After")).contains("1");
            });
            assertThat(small.get("/health").statusCode()).isEqualTo(200);
            await().atMost(LONG).until(() -> small.get("/v1/jobs?limit=1").statusCode() == 200);
        }
    }

    @Test
    void aProducerThatStopsCancelsWhatHasNoKey() throws Exception {
        byte[] npy = Npy.encode(LARGE);
        for (Optional<String> key : List.of(Optional.<String>empty(), Optional.of("kept"))) {
            HttpFleet other = HttpFleet.producer(fleet.kafka(), directory, STOPS_AT_ONCE);
            Dripping dripping = new Dripping(npy);
            var request = other.to("/v1/jobs?function=identity&chunk-bytes=10000")
                    .POST(BodyPublishers.ofInputStream(() -> dripping));
            key.ifPresent(text -> request.header("Idempotency-Key", text));
            List<String> before = jobs();
            CompletableFuture<HttpResponse<String>> answer =
                    other.client().sendAsync(request.build(), BodyHandlers.ofString());
            await().atMost(LONG).until(() -> jobs().size() > before.size());
            String job = jobs().getFirst();

            other.stop();

            if (key.isEmpty()) {
                await().atMost(LONG)
                        .until(() -> fleet.job(job).path("state").asText().equals("CANCELLED"));
                assertThat(fleet.job(job).path("error").asText()).contains("stopped");
            } else {
                assertThat(submit("function=identity&chunk-bytes=10000", npy, "Idempotency-Key", "kept"))
                        .isEqualTo(job);
                await().atMost(LONG)
                        .until(() -> fleet.job(job).path("state").asText().equals("COMPLETED"));
                assertThat(result(job)).isEqualTo(npy);
            }
            dripping.goOn();
            answer.exceptionally(_ -> null).join();
            other.close();
        }
    }

    private static List<String> jobs() throws Exception {
        return jobs("limit=10000");
    }

    private static List<String> jobs(String asked) throws Exception {
        return HttpFleet.json(fleet.get("/v1/jobs?" + asked)).path("jobs").findValuesAsText("job");
    }
}
