package io.fanfold.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fanfold.http.HttpSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that are wrong get a problem that names what is wrong, and harm nobody. */
final class MalformedRequestsIT {
    private static final byte[] GOOD =
            MalformedArrays.npy("{'descr': '<f8', 'fortran_order': False, 'shape': (6, 2), }", 96);
    private static final HttpSettings SETTINGS =
            new HttpSettings(Optional.empty(), 0, 16384, HttpSettings.Uploads.DEFAULT);

    @TempDir
    static Path directory;

    private static HttpFleet fleet;
    private static int count;

    @BeforeAll
    static void start() throws Exception {
        fleet = HttpFleet.whole(directory, SETTINGS);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> fleet.get("/v1/functions").body().contains("\"sleep\""));
    }

    @AfterAll
    static void stop() {
        fleet.close();
    }

    static Stream<Malformed> requests() {
        return Stream.of(MalformedArrays.all(), MalformedTexts.all(), MalformedOptions.all(), MalformedHttp.all())
                .flatMap(all -> all);
    }

    @Test
    void theyAreManyAndNoneIsThereTwice() {
        List<Malformed> all = requests().toList();

        assertThat(all).hasSizeGreaterThan(200);
        assertThat(all.stream().map(Malformed::request).distinct()).hasSameSizeAs(all);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requests")
    void isAnsweredWithAProblem(Malformed request) throws Exception {
        String answer = send(Malformed.latin(request.request()));

        String status = answer.lines().findFirst().orElse("");
        assertThat(status).as(answer).startsWith("HTTP/1.");
        int code = Integer.parseInt(status.substring(9, 12));
        assertThat(code).as(answer).isIn(request.statuses());
        String head = answer.substring(0, answer.indexOf("\r\n\r\n"));
        assertThat(head.toLowerCase(Locale.ROOT)).contains("content-type: application/problem+json");
        JsonNode problem = HttpFleet.json(answer.substring(head.length() + 4));
        assertThat(problem.path("status").asInt()).isEqualTo(code);
        assertThat(problem.path("title").asText()).isNotBlank();
        assertThat(problem.path("detail").asText())
                .isNotBlank()
                .contains(request.named())
                .doesNotContain("Exception", "io.fanfold", "java.", directory.toString());
        if (code == 405) {
            assertThat(head.toLowerCase(Locale.ROOT)).contains("allow: ");
        }
        if (++count % 10 == 0) {
            requireThatAGoodOneWorks();
        }
    }

    private static void requireThatAGoodOneWorks() throws Exception {
        assertThat(fleet.bytes(fleet.to("/v1/map/identity").POST(BodyPublishers.ofByteArray(GOOD)))
                        .body())
                .satisfies(npy -> assertThat(Arrays.copyOfRange(npy, npy.length - 96, npy.length))
                        .containsOnly(0));
    }

    /** All that is answered; the server closes. */
    private static String send(byte[] request) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), fleet.address().getPort())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            out.write(request);
            out.flush();
            return read(socket.getInputStream());
        }
    }

    /** The head, and as much behind it as that says. */
    private static String read(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        String text = "";
        while (!text.contains("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                return text;
            }
            all.write(b);
            text = all.toString(StandardCharsets.ISO_8859_1);
        }
        Matcher length = Pattern.compile("(?i)content-length: (\\d+)").matcher(text);
        byte[] body = length.find() ? in.readNBytes(Integer.parseInt(length.group(1))) : in.readAllBytes();
        return text + new String(body, StandardCharsets.UTF_8);
    }
}
