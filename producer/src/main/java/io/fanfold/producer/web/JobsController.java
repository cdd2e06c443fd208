package io.fanfold.producer.web;

import io.fanfold.producer.ProducerSettings;
import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.client.JobReport;
import io.fanfold.producer.client.JobTable;
import io.fanfold.producer.client.ParallelMap;
import io.fanfold.protocol.InvalidRequestException;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Jobs over HTTP: an array in, how far it is, and an end before its time. */
@Controller(JobsController.PATH)
@Requires(beans = ProducerSettings.class)
@ExecuteOn(TaskExecutors.BLOCKING)
final class JobsController {
    static final String PATH = "/v1/jobs";

    /** What the header is for. */
    static final String KEY =
            "The submitter's own name for the job: sent again with the same array it finds the job, and goes on"
                    + " where a broken upload stopped.";

    private static final int LISTED = 100;
    private static final int MOST_LISTED = 10_000;

    private final ParallelMap map;
    private final Uploads uploads;
    private final KnownJobs jobs;

    JobsController(ParallelMap map, Uploads uploads, KnownJobs jobs) {
        this.map = map;
        this.uploads = uploads;
        this.jobs = jobs;
    }

    /** Takes an array in; answers when all of its chunks are with the broker. */
    @Post(consumes = MediaType.ALL)
    @Operation(operationId = "submit")
    @Parameter(name = "function", ref = "#/components/parameters/function")
    @ArrayOptions
    @RequestBody(
            required = true,
            description = "The array: .npy, or numbers as CSV or JSON.",
            content = {
                @Content(mediaType = "application/octet-stream", schema = @Schema(type = "string", format = "binary")),
                @Content(mediaType = "text/csv", schema = @Schema(implementation = String.class)),
                @Content(mediaType = "application/json", schema = @Schema(implementation = Object.class))
            })
    @ApiResponse(
            responseCode = "202",
            description = "The job; Location says where it is.",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = JobView.class)))
    @Answers.OrProblem
    HttpResponse<JobView> submit(
            HttpRequest<?> request, @Parameter(description = KEY) @Nullable @Header("Idempotency-Key") String key)
            throws IOException {
        JobHandle job = ArrayRequest.of(request, Query.of(request), key).submit(uploads);
        return HttpResponse.<JobView>status(HttpStatus.ACCEPTED)
                .headers(headers -> headers.location(URI.create(PATH + "/" + job.id())))
                .body(JobView.of(job.report()));
    }

    /** The jobs of the fleet, the newest first, whoever submitted them. */
    @Get
    @Operation(operationId = "jobs")
    @Parameter(name = "key", ref = "#/components/parameters/key")
    @Parameter(name = "state", ref = "#/components/parameters/state")
    @Parameter(name = "limit", ref = "#/components/parameters/limit")
    @ApiResponse(
            responseCode = "200",
            description = "The jobs.",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = JobList.class)))
    @Answers.OrProblem
    JobList list(HttpRequest<?> request) {
        Query query = Query.only(request, "key", "state", "limit");
        Optional<JobReport.State> state = query.option("state").map(JobsController::state);
        int limit = query.count("limit", LISTED, MOST_LISTED);
        Stream<JobView> all = query.option("key").map(this::holder).orElseGet(this::newestFirst);
        return new JobList(all.filter(job -> state.isEmpty() || state.get() == job.state())
                .limit(limit)
                .toList());
    }

    private Stream<JobView> holder(String key) {
        JobTable table = map.jobs();
        Stream<JobView> refused = table.refusals().reversed().stream()
                .filter(refusal -> refusal.key().equals(key))
                .map(JobView::of);
        return Stream.concat(table.holder(key).map(JobView::of).stream(), refused)
                .limit(1);
    }

    private Stream<JobView> newestFirst() {
        List<JobReport> all = map.jobs().all();
        return Stream.concat(
                all.reversed().stream().map(JobView::of),
                map.jobs().refusals().reversed().stream().map(JobView::of));
    }

    private static JobReport.State state(String text) {
        try {
            return JobReport.State.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException(
                    "state is \"" + Query.plain(text) + "\"; it must be one of "
                            + Arrays.stream(JobReport.State.values())
                                    .map(Enum::name)
                                    .collect(Collectors.joining(", ")),
                    e);
        }
    }

    /** How far a job is. */
    @Get("/{job}")
    @Operation(operationId = "job")
    @ApiResponse(
            responseCode = "200",
            description = "The job.",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = JobView.class)))
    @Answers.OrProblem
    JobView job(String job, HttpRequest<?> request) {
        Query.none(request);
        return jobs.view(job);
    }

    /** Asks for a job to be cancelled; it has ended when its state says so. */
    @Delete(value = "/{job}", consumes = MediaType.ALL)
    @Operation(operationId = "cancel")
    @ApiResponse(
            responseCode = "202",
            description = "The job, which is asked to end.",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = JobView.class)))
    @Answers.OrProblem
    HttpResponse<JobView> cancel(String job, HttpRequest<?> request) {
        Query.none(request);
        JobReport report = jobs.find(job);
        if (report.ended()) {
            throw jobs.ended(report, "it cannot be cancelled any more");
        }
        map.cancel(report.job(), "cancelled over HTTP");
        return HttpResponse.<JobView>status(HttpStatus.ACCEPTED).body(JobView.of(report));
    }
}
