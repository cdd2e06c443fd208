package io.fanfold.aggregator.web;

import io.fanfold.aggregator.store.Results;
import io.fanfold.http.Content;
import io.fanfold.http.Download;
import io.fanfold.http.KeptResults;
import io.fanfold.http.Problem;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.WireException;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Error;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves what the store keeps of a job: its result, the mask of its failed chunks, the list of its errors. A job id has no room for
 * a path, so nothing else can be asked for. Where a producer is in the same application, that one serves them.
 */
@Controller("/v1/jobs")
@Requires(beans = Results.class)
@Requires(property = KeptResults.SERVED_BY_PRODUCER, notEquals = "true")
@ExecuteOn(TaskExecutors.BLOCKING)
final class ResultController {
    private static final Logger LOG = LoggerFactory.getLogger(ResultController.class);

    private final KeptResults files;

    ResultController(KeptResults files) {
        this.files = files;
    }

    @Get(value = "/{job}/result", produces = MediaType.ALL)
    HttpResponse<?> result(String job, HttpRequest<?> request) throws IOException {
        return file(request, new JobId(job) + ".npy", MediaType.APPLICATION_OCTET_STREAM_TYPE);
    }

    @Get(value = "/{job}/mask", produces = MediaType.ALL)
    HttpResponse<?> mask(String job, HttpRequest<?> request) throws IOException {
        return file(request, new JobId(job) + ".mask.npy", MediaType.APPLICATION_OCTET_STREAM_TYPE);
    }

    @Get(value = "/{job}/errors", produces = MediaType.ALL)
    HttpResponse<?> errors(String job, HttpRequest<?> request) throws IOException {
        return file(request, new JobId(job) + ".errors.json", MediaType.APPLICATION_JSON_TYPE);
    }

    private HttpResponse<?> file(HttpRequest<?> request, String name, MediaType type) throws IOException {
        Optional<Content> file = files.find(name);
        return file.isPresent()
                ? new Download(file.get(), type).to(request)
                : Problem.response(HttpStatus.NOT_FOUND, name + " is not in the store of this aggregator");
    }

    @Error(exception = WireException.class)
    HttpResponse<Problem> none(WireException e) {
        return Problem.response(HttpStatus.NOT_FOUND, e.getMessage());
    }

    @Error(exception = IOException.class)
    HttpResponse<Problem> failed(IOException e) {
        LOG.warn("a file of the store cannot be read", e);
        return Problem.response(
                HttpStatus.SERVICE_UNAVAILABLE, "the store of this aggregator cannot be read now: ask again");
    }
}
