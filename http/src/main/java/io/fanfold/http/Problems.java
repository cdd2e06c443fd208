package io.fanfold.http;

import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.exceptions.HttpStatusException;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import jakarta.inject.Singleton;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.stream.Collectors;

/** Makes a {@link Problem} of every error that the server answers with, whoever found it. Any thread. */
@Singleton
final class Problems implements ErrorResponseProcessor<Problem> {
    private static final int LONGEST = 1000;

    @Override
    @SuppressWarnings("unchecked") // the body is replaced
    public MutableHttpResponse<Problem> processResponse(ErrorContext context, MutableHttpResponse<?> response) {
        HttpRequest<?> request = context.getRequest();
        Optional<Throwable> undecoded = undecoded(request);
        HttpStatus status = undecoded.map(Problems::status).orElseGet(response::status);
        String detail = undecoded.map(Problems::malformed).orElseGet(() -> detail(status, context));
        MutableHttpResponse<Problem> answer = (MutableHttpResponse<Problem>) response.status(status);
        return request.getMethod() == HttpMethod.HEAD
                ? answer
                : answer.contentType(Problem.TYPE)
                        .body(new Problem(status.getReason(), status.getCode(), shortened(detail), null));
    }

    /** Why the head of the request could not be read, if it could not. */
    private static Optional<Throwable> undecoded(HttpRequest<?> request) {
        return request instanceof NettyHttpRequest<?> netty
                ? Optional.of(netty.getNativeRequest().decoderResult())
                        .filter(DecoderResult::isFailure)
                        .map(DecoderResult::cause)
                : Optional.empty();
    }

    private static HttpStatus status(Throwable undecoded) {
        return switch (undecoded) {
            case TooLongHttpLineException _ -> HttpStatus.REQUEST_URI_TOO_LONG;
            case TooLongHttpHeaderException _ -> HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE;
            default -> HttpStatus.BAD_REQUEST;
        };
    }

    private static String malformed(Throwable undecoded) {
        return switch (undecoded) {
            case TooLongHttpLineException _ -> "the address is too long: give fewer or shorter options";
            case TooLongHttpHeaderException _ ->
                "the headers are too long: send fewer or shorter ones (--max-header-bytes)";
            default -> "the head of the request is not HTTP: " + said(undecoded);
        };
    }

    private static String detail(HttpStatus status, ErrorContext context) {
        Throwable cause = context.getRootCause().orElse(null);
        HttpRequest<?> request = context.getRequest();
        if (cause instanceof URISyntaxException e) {
            return "the address is malformed at character " + e.getIndex() + ": " + e.getReason();
        }
        if (cause instanceof HttpStatusException e && e.getClass() == HttpStatusException.class) {
            return said(e); // ours
        }
        return switch (status) {
            case NOT_FOUND ->
                "there is nothing at " + request.getPath() + "; GET /openapi.yaml of a producer names what there is";
            case METHOD_NOT_ALLOWED ->
                request.getMethodName() + " is not what " + request.getPath() + " answers to: " + said(context);
            case INTERNAL_SERVER_ERROR -> "something went wrong in this server: its log says what";
            default -> said(context);
        };
    }

    private static String said(ErrorContext context) {
        return context.getErrors().stream()
                .map(io.micronaut.http.server.exceptions.response.Error::getMessage)
                .collect(Collectors.joining("; "));
    }

    private static String said(Throwable e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static String shortened(String detail) {
        return detail.length() <= LONGEST ? detail : detail.substring(0, LONGEST) + "...";
    }
}
