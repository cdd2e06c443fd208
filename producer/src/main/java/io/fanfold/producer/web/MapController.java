package io.fanfold.producer.web;

import io.fanfold.http.Problem;
import io.fanfold.producer.ProducerSettings;
import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.dispatch.Limits;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** An array in and its result out, in one call. */
@Controller("/v1/map")
@Requires(beans = ProducerSettings.class)
@ExecuteOn(TaskExecutors.BLOCKING)
final class MapController {
    private static final long PATIENCE_MS = 60_000;

    private final Uploads uploads;
    private final KnownJobs jobs;
    private final Results results;

    MapController(Uploads uploads, KnownJobs jobs, Results results) {
        this.uploads = uploads;
        this.jobs = jobs;
        this.results = results;
    }

    /** Computes a function on an array and answers with the result, as a file of NumPy. */
    @Post(value = "/{function}", consumes = MediaType.ALL, produces = MediaType.ALL)
    @Operation(operationId = "map")
    @Parameter(name = "timeout", ref = "#/components/parameters/timeout")
    @ArrayOptions
    @RequestBody(
            required = true,
            description = "The array: .npy, or numbers as CSV or JSON.",
            content = {
                @Content(mediaType = "application/octet-stream", schema = @Schema(type = "string", format = "binary")),
                @Content(mediaType = "text/csv", schema = @Schema(implementation = String.class)),
                @Content(mediaType = "application/json", schema = @Schema(implementation = Object.class))
            })
    @Answers.Npy
    HttpResponse<?> map(
            String function,
            HttpRequest<?> request,
            @Parameter(description = JobsController.KEY) @Nullable @Header("Idempotency-Key") String key)
            throws IOException {
        Query query = Query.of(request).with("function", function);
        long patience = query.take("timeout")
                .map(text -> Limits.seconds("timeout", text).orElseThrow())
                .orElse(PATIENCE_MS);
        JobHandle job = ArrayRequest.of(request, query, key).submit(uploads);
        if (!ends(job, patience)) {
            return Problem.response(
                    HttpStatus.GATEWAY_TIMEOUT,
                    "job " + job.id() + " was not done within " + patience / 1000.0
                            + " s (timeout) and goes on: its result will be at " + JobsController.PATH + "/" + job.id()
                            + "/result",
                    job.id().value());
        }
        return results.result(jobs.find(job.id().value()), request);
    }

    private static boolean ends(JobHandle job, long patienceMs) throws IOException {
        try {
            var _ = job.ended().get(patienceMs, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IOException("it is not known how job " + job.id() + " ends", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for job " + job.id());
        }
    }
}
