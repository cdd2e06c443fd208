package io.fanfold.aggregator.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fanfold.aggregator.store.Results;
import io.fanfold.aggregator.store.StoreAddress;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The results of a store, over HTTP. */
final class ResultControllerTest {
    private static final byte[] RESULT = bytes(1_000_003);
    private static final long LARGE = 2L * 1024 * 1024 * 1024 + 7;

    private static final Path OPEN_FILES = Path.of("/proc/self/fd");

    @TempDir
    static Path directory;

    private static Results results;
    private static ApplicationContext context;
    private static URI address;

    private final HttpClient http = HttpClient.newHttpClient();

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    @BeforeAll
    static void start() throws IOException {
        results = new StoreAddress.Directory(directory.resolve("store")).open();
        put("job.npy", RESULT);
        put("job.mask.npy", bytes(17));
        put("job.errors.json", "[]".getBytes(StandardCharsets.UTF_8));
        put("empty.npy", new byte[0]);
        context = ApplicationContext.builder()
                .banner(false)
                .properties(Map.of("micronaut.server.port", -1, "micronaut.server.host", "127.0.0.1"))
                .build();
        context.registerSingleton(Results.class, results);
        context.start();
        address = context.getBean(EmbeddedServer.class).start().getURI();
    }

    @AfterAll
    static void stop() {
        context.close();
        results.close();
    }

    private static void put(String name, byte[] bytes) throws IOException {
        results.put(name, Files.write(directory.resolve("whole"), bytes));
    }

    private HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        return http.send(request(path, headers).build(), BodyHandlers.ofByteArray());
    }

    private static HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address.resolve("/v1/jobs/" + path));
        return headers.length == 0 ? request : request.headers(headers);
    }

    private static String header(HttpResponse<?> response, String name) {
        return String.join("|", response.headers().allValues(name));
    }

    @Test
    void aResultIsServedWhole() throws Exception {
        HttpResponse<byte[]> answer = get("job/result");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(RESULT);
        assertThat(header(answer, "Content-Length")).isEqualTo("1000003");
        assertThat(header(answer, "Content-Type")).isEqualTo("application/octet-stream");
        assertThat(header(answer, "Content-Disposition")).contains("job.npy");
        assertThat(header(answer, "Accept-Ranges")).isEqualTo("bytes");
        assertThat(header(answer, "ETag")).matches("\"[0-9a-f-]+\"");
        assertThat(header(answer, "Content-Range")).isEmpty();
    }

    @Test
    void masksAndErrorsAreServedAsWhatTheyAre() throws Exception {
        assertThat(get("job/mask").body()).isEqualTo(bytes(17));
        assertThat(get("job/errors").body()).asString(StandardCharsets.UTF_8).isEqualTo("[]");
        assertThat(header(get("job/errors"), "Content-Type")).isEqualTo("application/json");
    }

    @Test
    void aBrowserThatAcceptsOnlyPagesGetsTheResultToo() throws Exception {
        assertThat(get("job/result", "Accept", "text/html").statusCode()).isEqualTo(200);
    }

    @Test
    void theHeadHasTheLengthAndNoBody() throws Exception {
        HttpRequest head = request("job/result", "Range", "bytes=0-9")
                .method("HEAD", BodyPublishers.noBody())
                .build();

        HttpResponse<byte[]> answer = http.send(head, BodyHandlers.ofByteArray());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        for (String name : new String[] {"Content-Length", "Content-Type", "ETag", "Accept-Ranges"}) {
            assertThat(header(answer, name)).as(name).isEqualTo(header(get("job/result"), name));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, 0",
        "bytes=100-199, 100, 199",
        "bytes=1000000-, 1000000, 1000002",
        "bytes=-5, 999998, 1000002",
        "bytes=1000002-9999999999, 1000002, 1000002",
        "bytes=0-, 0, 1000002",
    })
    void oneRangeIsServedAlone(String range, int first, int last) throws Exception {
        HttpResponse<byte[]> answer = get("job/result", "Range", range);

        assertThat(answer.statusCode()).isEqualTo(206);
        assertThat(answer.body()).isEqualTo(Arrays.copyOfRange(RESULT, first, last + 1));
        assertThat(header(answer, "Content-Range")).isEqualTo("bytes " + first + "-" + last + "/1000003");
        assertThat(header(answer, "Content-Length")).isEqualTo(String.valueOf(last - first + 1));
        assertThat(header(answer, "ETag")).isEqualTo(header(get("job/result"), "ETag"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=1-2,4-5", "bytes=9-1", "rows=1-2", "nonsense"})
    void severalRangesAndNonsenseAreAnsweredWithTheWhole(String range) throws Exception {
        HttpResponse<byte[]> answer = get("job/result", "Range", range);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).hasSize(RESULT.length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=1000003-", "bytes=2000000-3000000", "bytes=-0"})
    void aRangeBehindTheEndIsAProblemThatNamesTheSize(String range) throws Exception {
        HttpResponse<byte[]> answer = get("job/result", "Range", range);

        assertThat(header(answer, "Content-Range")).isEqualTo("bytes */1000003");
        assertProblem(answer, 416);
    }

    @Test
    void anEmptyFileHasNoRange() throws Exception {
        assertThat(get("empty/result").statusCode()).isEqualTo(200);
        assertThat(header(get("empty/result"), "Content-Length")).isEqualTo("0");
        assertThat(get("empty/result", "Range", "bytes=0-").statusCode()).isEqualTo(416);
    }

    @Test
    void aRangeUnderAConditionIsForTheSameVersionOnly() throws Exception {
        put("again.npy", bytes(100));
        String first = header(get("again/result"), "ETag");
        assertThat(get("again/result", "Range", "bytes=50-", "If-Range", first).statusCode())
                .isEqualTo(206);
        assertThat(get("again/result", "Range", "bytes=50-", "If-Range", "W/" + first)
                        .statusCode())
                .isEqualTo(200);
        assertThat(get("again/result", "Range", "bytes=50-", "If-Range", "Sat, 01 Jan 2050 00:00:00 GMT")
                        .statusCode())
                .isEqualTo(200);

        put("again.npy", bytes(120));

        HttpResponse<byte[]> changed = get("again/result", "Range", "bytes=50-", "If-Range", first);
        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(changed.body()).isEqualTo(bytes(120));
        assertThat(header(changed, "ETag")).isNotEqualTo(first);
    }

    @Test
    void whoHasTheVersionIsNotSentItAgain() throws Exception {
        String tag = header(get("job/result"), "ETag");

        HttpResponse<byte[]> answer = get("job/result", "If-None-Match", "\"other\", " + tag);

        assertThat(answer.statusCode()).isEqualTo(304);
        assertThat(answer.body()).isEmpty();
        assertThat(header(answer, "ETag")).isEqualTo(tag);
        assertThat(get("job/result", "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "none/result",
                "none/mask",
                "none/errors",
                "empty/mask",
                "..%2Fsecret/result",
                "%2e%2e/result",
                "a.b/result",
                "job%00/result"
            })
    void whatIsNotThereIsAProblem(String path) throws Exception {
        Files.writeString(directory.resolve("secret.npy"), "secret");
        assertProblem(get(path), 404);
    }

    private static void assertProblem(HttpResponse<byte[]> answer, int status) throws IOException {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(header(answer, "Content-Type")).startsWith("application/problem+json");
        assertThat(new ObjectMapper().readTree(answer.body()).get("status").asInt())
                .isEqualTo(status);
        assertThat(answer.body()).asString(StandardCharsets.UTF_8).doesNotContain(directory.toString());
    }

    @Test
    void moreThanTheHeapHoldsGoesThrough() throws Exception {
        assertThat(Runtime.getRuntime().maxMemory()).isLessThan(LARGE);
        Path sparse = directory.resolve("sparse");
        try (RandomAccessFile file = new RandomAccessFile(sparse.toFile(), "rw")) {
            file.setLength(LARGE - 1);
            file.seek(LARGE - 1);
            file.write(42);
        }
        results.put("large.npy", sparse);

        HttpResponse<InputStream> answer = http.send(request("large/result").build(), BodyHandlers.ofInputStream());
        try (InputStream in = answer.body()) {
            in.skipNBytes(LARGE - 1);
            assertThat(in.read()).isEqualTo(42);
            assertThat(in.read()).isEqualTo(-1);
        }

        assertThat(header(answer, "Content-Length")).isEqualTo(String.valueOf(LARGE));
        HttpResponse<byte[]> end = get("large/result", "Range", "bytes=" + (LARGE - 2) + "-");
        assertThat(end.body()).containsExactly(0, 42);
    }

    @Test
    void aClientThatGoesAwayLeavesNoFileOpen() throws Exception {
        Assumptions.assumeTrue(Files.isDirectory(OPEN_FILES), "this system does not tell which files are open");
        Path sparse = directory.resolve("sparse-too");
        try (RandomAccessFile file = new RandomAccessFile(sparse.toFile(), "rw")) {
            file.setLength(LARGE);
        }
        results.put("gone.npy", sparse);
        for (int i = 0; i < 5; i++) {
            try (InputStream in = http.send(request("gone/result").build(), BodyHandlers.ofInputStream())
                    .body()) {
                assertThat(in.read()).isZero();
                assertThat(openFiles()).anyMatch(name -> name.endsWith("gone.npy"));
            }
        }

        await().untilAsserted(() -> assertThat(openFiles()).noneMatch(name -> name.endsWith("gone.npy")));
    }

    /** What this process has open. */
    private static Stream<String> openFiles() throws IOException {
        try (Stream<Path> files = Files.list(OPEN_FILES)) {
            return files.map(ResultControllerTest::target).toList().stream();
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "";
        }
    }

    @Test
    void aFileThatEndsEarlyEndsTheConnectionAndNotTheBody() throws Exception {
        Path sparse = directory.resolve("cut-too");
        try (RandomAccessFile file = new RandomAccessFile(sparse.toFile(), "rw")) {
            file.setLength(200_000_000);
        }
        results.put("cut.npy", sparse);
        HttpResponse<InputStream> answer = http.send(request("cut/result").build(), BodyHandlers.ofInputStream());
        try (InputStream in = answer.body();
                RandomAccessFile file =
                        new RandomAccessFile(directory.resolve("store/cut.npy").toFile(), "rw")) {
            assertThat(in.read()).isZero();
            file.setLength(100_000);

            assertThatIOException().isThrownBy(in::readAllBytes);
        }
    }
}
