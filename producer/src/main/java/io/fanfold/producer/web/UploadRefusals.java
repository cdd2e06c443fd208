package io.fanfold.producer.web;

import io.fanfold.http.Problem;
import io.fanfold.producer.client.OutcomesGoneException;
import io.fanfold.producer.dispatch.ConflictException;
import io.micronaut.context.annotation.Factory;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;

/** The answers to arrays that are not taken in, and to what is no longer there. */
@Factory
final class UploadRefusals {
    private static final String SOON = "5";

    @Singleton
    ExceptionHandler<BusyException, HttpResponse<?>> busy() {
        return (_, e) ->
                Problem.response(HttpStatus.TOO_MANY_REQUESTS, e.getMessage()).header(HttpHeaders.RETRY_AFTER, SOON);
    }

    @Singleton
    ExceptionHandler<ConflictException, HttpResponse<?>> conflict() {
        return (_, e) ->
                Problem.response(HttpStatus.CONFLICT, e.getMessage(), e.job().value());
    }

    @Singleton
    ExceptionHandler<OutcomesGoneException, HttpResponse<?>> gone() {
        return (_, e) ->
                Problem.response(HttpStatus.GONE, e.getMessage(), e.job().value());
    }

    @Singleton
    ExceptionHandler<Arrival.CutException, HttpResponse<?>> cut() {
        return (_, e) -> Problem.response(
                HttpStatus.BAD_REQUEST,
                e.getMessage() + ": send it again, under the same Idempotency-Key if it had one");
    }

    @Singleton
    ExceptionHandler<Spool.SpoolFullException, HttpResponse<?>> full() {
        return (_, e) -> Problem.response(
                HttpStatus.INSUFFICIENT_STORAGE,
                e.getMessage()
                        + ": send it in C order and split along axis 0, which needs no disk, or give the producer"
                        + " more room (--spool)");
    }
}
