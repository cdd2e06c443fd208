package io.fanfold.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * An error as RFC 9457 has it.
 *
 * @param title of its status
 * @param detail what is wrong, with the value, and what to do about it
 * @param job the job that it is about, if it is about one
 */
@Introspected
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
        String title, int status, String detail, @Nullable String job) {
    /** {@code application/problem+json}. */
    static final MediaType TYPE = MediaType.of("application/problem+json");

    /** The answer of this status. */
    public static MutableHttpResponse<Problem> response(HttpStatus status, String detail) {
        return response(status, detail, null);
    }

    /** As {@link #response(HttpStatus, String)}, about a job. */
    public static MutableHttpResponse<Problem> response(HttpStatus status, String detail, @Nullable String job) {
        return HttpResponse.<Problem>status(status)
                .contentType(TYPE)
                .body(new Problem(status.getReason(), status.getCode(), detail, job));
    }
}
