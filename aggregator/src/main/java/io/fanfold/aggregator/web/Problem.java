package io.fanfold.aggregator.web;

import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;

/** An error as RFC 9457 has it. */
@Introspected
record Problem(String title, int status, String detail) {
    static MutableHttpResponse<Problem> response(HttpStatus status, String detail) {
        return HttpResponse.<Problem>status(status)
                .contentType(MediaType.of("application/problem+json"))
                .body(new Problem(status.getReason(), status.getCode(), detail));
    }
}
