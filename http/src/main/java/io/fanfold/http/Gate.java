package io.fanfold.http;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lets requests in that bear the token, and no more of one remote address than it may have. Any thread. */
@ServerFilter("/**")
@Requires(beans = HttpSettings.class)
final class Gate {
    private static final String SCHEME = "Bearer ";
    /** What says nothing of jobs. */
    private static final Set<String> OPEN = Set.of("/health", "/prometheus", "/openapi.yaml", "/docs");

    private final Optional<byte[]> token;
    private final Buckets buckets;

    Gate(HttpSettings settings) {
        this.token = settings.token().map(text -> text.getBytes(StandardCharsets.UTF_8));
        this.buckets = new Buckets(settings.requestsPerSecond());
    }

    @RequestFilter
    @Nullable
    HttpResponse<?> enter(HttpRequest<?> request) {
        if (open(request.getPath())) {
            return null;
        }
        if (!buckets.take(address(request), System.nanoTime())) {
            return Problem.response(
                            HttpStatus.TOO_MANY_REQUESTS,
                            "more requests came from your address than the " + buckets.perSecond()
                                    + " in a second that it may have: wait a second, then go on more slowly")
                    .header(HttpHeaders.RETRY_AFTER, "1");
        }
        return token.isEmpty() || bears(request, token.get())
                ? null
                : Problem.response(
                                HttpStatus.UNAUTHORIZED,
                                "this needs the fleet's token: send it as Authorization: Bearer TOKEN")
                        .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"fanfold\"");
    }

    private static boolean open(String path) {
        return OPEN.contains(path) || path.startsWith("/health/") || path.startsWith("/docs/");
    }

    private static String address(HttpRequest<?> request) {
        InetSocketAddress remote = request.getRemoteAddress();
        return remote.getAddress() == null
                ? remote.getHostString()
                : remote.getAddress().getHostAddress();
    }

    /** Takes the same time wherever the first difference is. */
    private static boolean bears(HttpRequest<?> request, byte[] token) {
        String given = request.getHeaders().get(HttpHeaders.AUTHORIZATION);
        return given != null
                && given.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && MessageDigest.isEqual(
                        given.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8), token);
    }
}
