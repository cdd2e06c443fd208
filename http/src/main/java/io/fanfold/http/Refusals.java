package io.fanfold.http;

import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.array.ArrayFormatException;
import io.fanfold.protocol.wire.WireException;
import io.micronaut.context.annotation.Factory;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The answers to what was asked for wrongly (400), and to what cannot be done now (503). */
@Factory
final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    @Singleton
    ExceptionHandler<InvalidRequestException, HttpResponse<?>> invalid() {
        return (_, e) -> Problem.response(HttpStatus.BAD_REQUEST, e.getMessage());
    }

    @Singleton
    ExceptionHandler<WireException, HttpResponse<?>> wire() {
        return (_, e) -> Problem.response(HttpStatus.BAD_REQUEST, e.getMessage());
    }

    @Singleton
    ExceptionHandler<ArrayFormatException, HttpResponse<?>> noArray() {
        return (_, e) -> Problem.response(HttpStatus.BAD_REQUEST, e.getMessage());
    }

    @Singleton
    ExceptionHandler<FanfoldException, HttpResponse<?>> failed() {
        return (request, e) -> {
            LOG.atWarn()
                    .addKeyValue("path", request.getPath())
                    .addKeyValue("reason", e.getMessage())
                    .log("request failed");
            return Problem.response(HttpStatus.SERVICE_UNAVAILABLE, e.getMessage());
        };
    }
}
