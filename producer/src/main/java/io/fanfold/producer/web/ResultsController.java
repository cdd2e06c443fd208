package io.fanfold.producer.web;

import io.fanfold.producer.ProducerSettings;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.io.IOException;

/** What came of jobs. */
@Controller(JobsController.PATH)
@Requires(beans = ProducerSettings.class)
@ExecuteOn(TaskExecutors.BLOCKING)
final class ResultsController {
    private final KnownJobs jobs;
    private final Results results;

    ResultsController(KnownJobs jobs, Results results) {
        this.jobs = jobs;
        this.results = results;
    }

    /** The whole array, as a file of NumPy. */
    @Get(value = "/{job}/result", produces = MediaType.ALL)
    @Operation(operationId = "result")
    @Answers.Npy
    HttpResponse<?> result(String job, HttpRequest<?> request) throws IOException {
        Query.none(request);
        return results.result(jobs.find(job), request);
    }

    /** Which rows are missing in a result with holes, as an array of bool. */
    @Get(value = "/{job}/mask", produces = MediaType.ALL)
    @Operation(operationId = "mask")
    @Answers.Npy
    HttpResponse<?> mask(String job, HttpRequest<?> request) throws IOException {
        Query.none(request);
        return results.mask(jobs.find(job), request);
    }

    /** Why chunks failed in a result with holes. */
    @Get(value = "/{job}/errors", produces = MediaType.ALL)
    @Operation(operationId = "errors")
    @ApiResponse(
            responseCode = "200",
            description = "A list of what failed.",
            content = @Content(mediaType = "application/json"))
    @Answers.OrProblem
    HttpResponse<?> errors(String job, HttpRequest<?> request) throws IOException {
        Query.none(request);
        return results.errors(jobs.find(job), request);
    }
}
