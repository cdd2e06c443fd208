package io.fanfold.producer.web;

import io.fanfold.http.Content;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.exceptions.HttpStatusException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Fetches what aggregators keep, from where they said they serve it: over HTTP only, with GET only, and following no redirect. Any
 * thread; waits for the answer.
 */
final class Aggregators implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Set<String> SCHEMES = Set.of("http", "https");

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final Optional<String> token;

    /** @param token what all servers of the fleet want to see */
    Aggregators(Optional<String> token) {
        this.token = token;
    }

    /**
     * A file of an aggregator.
     *
     * @param bytes how many it has, where known; else it is asked
     * @param version where the bytes are known
     * @throws HttpStatusException 502 if it does not answer as it should
     */
    Optional<Content> find(String address, String name, OptionalLong bytes, String version) throws IOException {
        URI uri = uri(address);
        if (bytes.isPresent()) {
            return Optional.of(new Far(uri, name, bytes.getAsLong(), version));
        }
        HttpResponse<InputStream> answer = send(get(uri, "bytes=0-0"));
        try (InputStream _ = answer.body()) {
            return answer.statusCode() == HttpStatus.NOT_FOUND.getCode()
                    ? Optional.empty()
                    : Optional.of(new Far(uri, name, total(answer, uri), tag(answer)));
        }
    }

    private static URI uri(String address) {
        try {
            URI uri = new URI(address);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            if (SCHEMES.contains(scheme) && uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // none that can be followed
        }
        throw bad("the aggregator says that it serves this at \"" + Query.plain(address)
                + "\", which is no address of HTTP: start it with another --http-advertised");
    }

    private static long total(HttpResponse<?> answer, URI uri) {
        String range = answer.headers().firstValue("Content-Range").orElse("");
        int slash = range.lastIndexOf('/');
        boolean said = slash >= 0 && range.substring(slash + 1).matches("\\d{1,18}");
        if (!said) {
            throw bad("the aggregator at " + uri + " answers with status " + answer.statusCode()
                    + " in place of the bytes that it keeps");
        }
        return Long.parseLong(range.substring(slash + 1));
    }

    private static String tag(HttpResponse<?> answer) {
        return answer.headers().firstValue("ETag").orElse("").replaceAll("[^A-Za-z0-9-]", "");
    }

    private HttpRequest get(URI uri, String range) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).header("Range", range);
        token.ifPresent(text -> request.header("Authorization", "Bearer " + text));
        return request.build();
    }

    private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw bad("the aggregator does not answer at " + request.uri()
                    + ": give it an address that is reached from here (--http-advertised)");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for " + request.uri());
        }
    }

    private static HttpStatusException bad(String detail) {
        return new HttpStatusException(HttpStatus.BAD_GATEWAY, detail);
    }

    private final class Far implements Content {
        private final URI uri;
        private final String name;
        private final long bytes;
        private final String version;

        Far(URI uri, String name, long bytes, String version) {
            this.uri = uri;
            this.name = name;
            this.bytes = bytes;
            this.version = version;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public long bytes() {
            return bytes;
        }

        @Override
        public String version() {
            return version;
        }

        @Override
        public InputStream open(long first, long count) throws IOException {
            HttpResponse<InputStream> answer = send(get(uri, "bytes=" + first + "-" + (first + count - 1)));
            if (answer.statusCode() == HttpStatus.PARTIAL_CONTENT.getCode() && total(answer, uri) == bytes) {
                return answer.body();
            }
            answer.body().close();
            throw new IOException("the aggregator at " + uri + " answers with status " + answer.statusCode()
                    + " in place of the bytes that it keeps");
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
