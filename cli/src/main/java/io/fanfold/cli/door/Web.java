package io.fanfold.cli.door;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.InvalidRequestException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** One server, asked over HTTP; what it refuses is an error in one line. Any thread; closing it breaks off what is under way. */
public final class Web implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(10);
    /** For the head of an answer. */
    private static final Duration ANSWER_WITHIN = Duration.ofMinutes(1);

    private static final int LONGEST_ERROR = 64 * 1024;

    private final DoorAddress.Http address;
    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(CONNECT_WITHIN)
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    public Web(DoorAddress.Http address) {
        this.address = address;
    }

    /** A request of what a path shows, that is answered soon. */
    HttpRequest.Builder get(String path) {
        return request(path).timeout(ANSWER_WITHIN).GET();
    }

    /** A request of a path, with our token. */
    HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address.server() + path));
        address.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
        return request;
    }

    /** The query of these names and values, with its question mark; nothing where there are none. */
    static String query(Map<String, String> values) {
        return values.isEmpty()
                ? ""
                : values.entrySet().stream()
                        .map(e -> encoded(e.getKey()) + "=" + encoded(e.getValue()))
                        .collect(Collectors.joining("&", "?", ""));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * The answer's JSON.
     *
     * @throws FanfoldException if it is refused, or the server does not answer
     */
    JsonNode json(HttpRequest.Builder request) throws IOException, InterruptedException {
        return json(send(request));
    }

    /** The answer's JSON; empty where what is asked for is not there. */
    Optional<JsonNode> jsonIfThere(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<InputStream> answer = exchange(request);
        if (answer.statusCode() == 404) {
            answer.body().close();
            return Optional.empty();
        }
        return Optional.of(json(accepted(answer)));
    }

    /** The answer, where it is a success; its body is to be closed. */
    HttpResponse<InputStream> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return accepted(exchange(request));
    }

    private HttpResponse<InputStream> exchange(HttpRequest.Builder request) throws InterruptedException {
        try {
            return sent(request);
        } catch (HttpTimeoutException e) {
            throw new FanfoldException("the server at " + address.server() + " takes too long to answer: try again", e);
        } catch (IOException e) {
            throw new FanfoldException(
                    "the connection to " + address.server() + " broke (" + Texts.shorten(String.valueOf(e.getMessage()))
                            + "): try again",
                    e);
        }
    }

    private HttpResponse<InputStream> sent(HttpRequest.Builder request) throws IOException, InterruptedException {
        try {
            return client.send(request.build(), BodyHandlers.ofInputStream());
        } catch (ConnectException | HttpConnectTimeoutException e) {
            throw new FanfoldException(
                    "no server answers at " + address.server()
                            + ": check the address and that it runs (fanfold up starts a fleet on this machine)",
                    e);
        }
    }

    /**
     * The JSON that an upload is answered with.
     *
     * @throws IOException if the connection broke in the middle of it
     */
    JsonNode upload(HttpRequest.Builder post) throws IOException, InterruptedException {
        return json(accepted(sent(post)));
    }

    /** What is answered at a path, by its status: JSON where it is some, else a text. For a look at a server's state. */
    public Answer look(String path) throws IOException, InterruptedException {
        HttpResponse<InputStream> answer = exchange(get(path));
        try (InputStream body = answer.body()) {
            byte[] bytes = body.readNBytes(1 << 20);
            return new Answer(answer.statusCode(), parse(bytes), new String(bytes, StandardCharsets.UTF_8));
        }
    }

    /**
     * What was answered.
     *
     * @param json missing where it is none
     */
    public record Answer(int status, JsonNode json, String text) {}

    private JsonNode json(HttpResponse<InputStream> answer) throws IOException {
        try (InputStream body = answer.body()) {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new FanfoldException("what answers at " + address.server() + " is no Fanfold server", e);
        }
    }

    private HttpResponse<InputStream> accepted(HttpResponse<InputStream> answer) throws IOException {
        if (answer.statusCode() / 100 == 2) {
            return answer;
        }
        try (InputStream body = answer.body()) {
            throw refused(answer.statusCode(), parse(body.readNBytes(LONGEST_ERROR)));
        }
    }

    private FanfoldException refused(int status, JsonNode problem) {
        String detail = problem.path("detail").isTextual()
                ? Texts.shorten(problem.path("detail").asText())
                : "status " + status;
        return switch (status) {
            case 400, 404, 409, 413, 415, 422 -> new InvalidRequestException(address.server() + " refused: " + detail);
            case 401, 403 ->
                new FanfoldException(address.server() + " refused: " + detail
                        + (address.token().isEmpty()
                                ? "; give the token it wants with --token or --token-file, or set"
                                        + " FANFOLD_TOKEN or FANFOLD_TOKEN_FILE"
                                : "; the token that was given (--token, --token-file, FANFOLD_TOKEN,"
                                        + " FANFOLD_TOKEN_FILE) is not the one it wants"));
            default -> new FanfoldException(address.server() + " failed: " + detail);
        };
    }

    private static JsonNode parse(byte[] bytes) {
        try {
            return JSON.readTree(bytes);
        } catch (IOException e) {
            return JSON.missingNode();
        }
    }

    /** JSON of a text; missing where it is none. */
    static JsonNode parse(String text) {
        return parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
