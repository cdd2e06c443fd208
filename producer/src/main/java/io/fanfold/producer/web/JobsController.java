package io.fanfold.producer.web;

import io.fanfold.producer.ProducerSettings;
import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.client.ParallelMap;
import io.fanfold.producer.dispatch.Acceptance;
import io.fanfold.producer.dispatch.Limits;
import io.fanfold.producer.split.ChunkSize;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.array.ArrayFormatException;
import io.fanfold.protocol.fold.Folds;
import io.fanfold.protocol.wire.ErrorPolicy;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.protocol.wire.Topics;
import io.fanfold.protocol.wire.WireException;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpParameters;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Error;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Jobs over HTTP: an array in, and how far it is. */
@Controller("/v1/jobs")
@Requires(beans = ProducerSettings.class)
@ExecuteOn(TaskExecutors.BLOCKING)
final class JobsController {
    private static final String PARAMETER = "param.";
    private static final List<String> OPTIONS = List.of(
            "function",
            "pool",
            "strategy",
            "fold",
            "errors",
            "error-budget",
            "axis",
            "chunks",
            "chunk-bytes",
            "time-to-live",
            "chunk-timeout");

    private final ParallelMap map;
    private final Uploads uploads;

    JobsController(ParallelMap map, Uploads uploads) {
        this.map = map;
        this.uploads = uploads;
    }

    /** The body is one {@code .npy} array; the query names the function, its parameters ({@code param.<name>}) and the plan. */
    @Post(consumes = MediaType.ALL)
    HttpResponse<?> submit(HttpRequest<?> request, @Body InputStream npy) throws IOException {
        JobHandle job = uploads.accept(npy, acceptance(request.getParameters()));
        return HttpResponse.<JobView>status(HttpStatus.ACCEPTED)
                .headers(headers -> headers.location(URI.create("/v1/jobs/" + job.id())))
                .body(JobView.of(job));
    }

    @Get("/{job}")
    HttpResponse<?> job(String job) {
        Optional<JobHandle> handle = map.find(new JobId(job));
        return handle.isPresent()
                ? HttpResponse.ok(JobView.of(handle.get()))
                : Problem.response(HttpStatus.NOT_FOUND, "job " + job + " was not accepted by this producer");
    }

    private Acceptance acceptance(HttpParameters query) {
        String pool = query.getFirst("pool").orElse(Topics.DEFAULT_POOL);
        String name = query.getFirst("function")
                .orElseThrow(() -> new WireException("which function? add ?function=NAME to the address"));
        FunctionDescription function = map.functions().find(pool, name);
        Map<String, Object> parameters = new HashMap<>();
        for (String given : query.names()) {
            if (given.startsWith(PARAMETER)) {
                parameters.put(
                        given.substring(PARAMETER.length()),
                        query.getFirst(given).orElse(""));
            } else if (!OPTIONS.contains(given)) {
                throw new WireException("there is no query parameter \"" + given + "\"; there are "
                        + String.join(", ", OPTIONS) + " and " + PARAMETER + "<name>");
            }
        }
        return new Acceptance(
                Optional.empty(),
                function,
                parameters,
                pool,
                Strategy.parse(query.getFirst("strategy").orElse("auto")),
                Folds.builtIn().parse(query.getFirst("fold").orElse("concat")),
                errors(query),
                number(query, "axis").orElse(0),
                chunkSize(query),
                new Limits(seconds(query, "time-to-live"), seconds(query, "chunk-timeout")));
    }

    private static ErrorPolicy errors(HttpParameters query) {
        String policy = query.getFirst("errors").orElse("fail-fast");
        Optional<Integer> budget = number(query, "error-budget");
        return switch (policy) {
            case "fail-fast" -> {
                if (budget.isPresent()) {
                    throw new WireException("error-budget goes with errors=keep-going");
                }
                yield new ErrorPolicy.FailFast();
            }
            case "keep-going" ->
                new ErrorPolicy.KeepGoing(budget.map(Integer::longValue).orElse(Long.MAX_VALUE));
            default -> throw new WireException("errors is \"" + policy + "\"; it must be fail-fast or keep-going");
        };
    }

    private static OptionalLong seconds(HttpParameters query, String name) {
        return query.getFirst(name).map(text -> Limits.seconds(name, text)).orElseGet(OptionalLong::empty);
    }

    private static ChunkSize chunkSize(HttpParameters query) {
        Optional<Integer> chunks = number(query, "chunks");
        Optional<Integer> bytes = number(query, "chunk-bytes");
        if (chunks.isPresent() && bytes.isPresent()) {
            throw new WireException("chunks and chunk-bytes exclude one another: give one of them");
        }
        return chunks.<ChunkSize>map(ChunkSize.Count::new)
                .or(() -> bytes.map(ChunkSize.Bytes::new))
                .orElseGet(ChunkSize.Automatic::new);
    }

    private static Optional<Integer> number(HttpParameters query, String name) {
        return query.getFirst(name).map(text -> {
            try {
                return Integer.valueOf(text);
            } catch (NumberFormatException e) {
                throw new WireException(name + " is \"" + text + "\"; it must be a whole number", e);
            }
        });
    }

    @Error(exception = WireException.class)
    HttpResponse<Problem> refused(WireException e) {
        return Problem.response(HttpStatus.BAD_REQUEST, e.getMessage());
    }

    @Error(exception = ArrayFormatException.class)
    HttpResponse<Problem> refused(ArrayFormatException e) {
        return Problem.response(HttpStatus.BAD_REQUEST, e.getMessage());
    }

    @Error(exception = InvalidRequestException.class)
    HttpResponse<Problem> refused(InvalidRequestException e) {
        return Problem.response(HttpStatus.BAD_REQUEST, e.getMessage());
    }

    @Error(exception = FanfoldException.class)
    HttpResponse<Problem> failed(FanfoldException e) {
        return Problem.response(HttpStatus.SERVICE_UNAVAILABLE, e.getMessage());
    }
}
