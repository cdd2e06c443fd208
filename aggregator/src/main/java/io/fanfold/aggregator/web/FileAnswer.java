package io.fanfold.aggregator.web;

import io.fanfold.aggregator.store.Kept;
import io.fanfold.aggregator.store.Results;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The answer to a request for a file of the store: all of it or one range, as RFC 9110 has it, and never in memory as a whole. */
record FileAnswer(Results results) {
    HttpResponse<?> to(HttpRequest<?> request, String name, MediaType type) throws IOException {
        Optional<Kept> kept = results.find(name);
        if (kept.isEmpty()) {
            return Problem.response(HttpStatus.NOT_FOUND, name + " is not in the store of this aggregator");
        }
        MutableHttpResponse<?> answer = answer(request, kept.get(), type);
        return answer.header(HttpHeaders.ACCEPT_RANGES, "bytes").header(HttpHeaders.ETAG, tag(kept.get()));
    }

    private MutableHttpResponse<?> answer(HttpRequest<?> request, Kept kept, MediaType type) {
        if (known(request, kept)) {
            return HttpResponse.notModified();
        }
        return switch (range(request, kept)) {
            case ByteRange.Whole() -> body(HttpResponse.ok(), request, kept, type, 0, kept.bytes());
            case ByteRange.Part part ->
                body(HttpResponse.status(HttpStatus.PARTIAL_CONTENT), request, kept, type, part.first(), part.bytes())
                        .header(
                                HttpHeaders.CONTENT_RANGE,
                                "bytes " + part.first() + "-" + part.last() + "/" + kept.bytes());
            case ByteRange.Unsatisfiable() ->
                Problem.response(
                                HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
                                kept.name() + " has " + kept.bytes() + " bytes")
                        .header(HttpHeaders.CONTENT_RANGE, "bytes */" + kept.bytes());
        };
    }

    private MutableHttpResponse<?> body(
            MutableHttpResponse<Object> answer,
            HttpRequest<?> request,
            Kept kept,
            MediaType type,
            long first,
            long bytes) {
        answer.header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + kept.name() + "\"")
                .contentType(type);
        return request.getMethod() == HttpMethod.HEAD
                ? answer.contentLength(bytes)
                : answer.body(new FileBody(results, kept, first, bytes));
    }

    /** Ranges are for GET; one that goes with a condition holds only for the version that the client has the beginning of. */
    private static ByteRange range(HttpRequest<?> request, Kept kept) {
        @Nullable String condition = request.getHeaders().get(HttpHeaders.IF_RANGE);
        if (request.getMethod() == HttpMethod.HEAD || (condition != null && !condition.equals(tag(kept)))) {
            return new ByteRange.Whole();
        }
        return ByteRange.of(request.getHeaders().get(HttpHeaders.RANGE), kept.bytes());
    }

    private static boolean known(HttpRequest<?> request, Kept kept) {
        @Nullable String tags = request.getHeaders().get(HttpHeaders.IF_NONE_MATCH);
        return tags != null && (tags.strip().equals("*") || tags.contains(tag(kept)));
    }

    private static String tag(Kept kept) {
        return "\"" + kept.version() + "\"";
    }
}
