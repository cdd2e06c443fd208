package io.fanfold.http;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import org.jspecify.annotations.Nullable;

/** The answer to a request for a content: all of it or one range, as RFC 9110 has it, and never in memory as a whole. */
public record Download(Content content, MediaType type) {
    public HttpResponse<?> to(HttpRequest<?> request) {
        return answer(request).header(HttpHeaders.ACCEPT_RANGES, "bytes").header(HttpHeaders.ETAG, tag());
    }

    private MutableHttpResponse<?> answer(HttpRequest<?> request) {
        if (known(request)) {
            return HttpResponse.notModified();
        }
        return switch (range(request)) {
            case ByteRange.Whole() -> body(HttpResponse.ok(), request, 0, content.bytes());
            case ByteRange.Part part ->
                body(HttpResponse.status(HttpStatus.PARTIAL_CONTENT), request, part.first(), part.bytes())
                        .header(
                                HttpHeaders.CONTENT_RANGE,
                                "bytes " + part.first() + "-" + part.last() + "/" + content.bytes());
            case ByteRange.Unsatisfiable() ->
                Problem.response(
                                HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
                                content.name() + " has " + content.bytes() + " bytes, so there is nothing in the range "
                                        + request.getHeaders().get(HttpHeaders.RANGE) + "; ask for one within them")
                        .header(HttpHeaders.CONTENT_RANGE, "bytes */" + content.bytes());
        };
    }

    private MutableHttpResponse<?> body(
            MutableHttpResponse<Object> answer, HttpRequest<?> request, long first, long bytes) {
        answer.header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + content.name() + "\"")
                .contentType(type);
        return request.getMethod() == HttpMethod.HEAD
                ? answer.contentLength(bytes)
                : answer.body(StreamBody.of(bytes, () -> content.open(first, bytes)));
    }

    /** Ranges are for GET; one that goes with a condition holds only for the version that the client has the beginning of. */
    private ByteRange range(HttpRequest<?> request) {
        @Nullable String condition = request.getHeaders().get(HttpHeaders.IF_RANGE);
        if (request.getMethod() == HttpMethod.HEAD || (condition != null && !condition.equals(tag()))) {
            return new ByteRange.Whole();
        }
        return ByteRange.of(request.getHeaders().get(HttpHeaders.RANGE), content.bytes());
    }

    private boolean known(HttpRequest<?> request) {
        @Nullable String tags = request.getHeaders().get(HttpHeaders.IF_NONE_MATCH);
        return tags != null && (tags.strip().equals("*") || tags.contains(tag()));
    }

    private String tag() {
        return "\"" + content.version() + "\"";
    }
}
