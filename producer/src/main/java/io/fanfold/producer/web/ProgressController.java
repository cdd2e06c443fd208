package io.fanfold.producer.web;

import io.fanfold.http.StreamBody;
import io.fanfold.producer.ProducerSettings;
import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.client.ParallelMap;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.json.JsonMapper;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.util.OptionalLong;

/** Jobs as they come along. */
@Controller(JobsController.PATH)
@Requires(beans = ProducerSettings.class)
@ExecuteOn(TaskExecutors.BLOCKING)
final class ProgressController {
    private static final MediaType LINES = MediaType.of("application/x-ndjson");

    private final ParallelMap map;
    private final KnownJobs jobs;
    private final JsonMapper json;

    ProgressController(ParallelMap map, KnownJobs jobs, JsonMapper json) {
        this.map = map;
        this.jobs = jobs;
        this.json = json;
    }

    /** Server-sent events: {@code progress} each time that something of the job changes, at last {@code end}. */
    @Get(value = "/{job}/events", produces = MediaType.ALL)
    @Operation(operationId = "events")
    @ApiResponse(
            responseCode = "200",
            description = "Events whose data is a job.",
            content = @Content(mediaType = "text/event-stream"))
    @Answers.OrProblem
    HttpResponse<StreamBody> events(String job, HttpRequest<?> request) {
        Query.none(request);
        JobHandle handle = handle(job);
        return stream(MediaType.TEXT_EVENT_STREAM_TYPE, () -> new Progress(handle, json));
    }

    /**
     * Lines of JSON, one for each chunk as it completes, then one that says how the job ended; {@code values=false} leaves out what
     * was computed.
     */
    @Get(value = "/{job}/outcomes", produces = MediaType.ALL)
    @Operation(operationId = "outcomes")
    @Parameter(name = "values", ref = "#/components/parameters/values")
    @ApiResponse(
            responseCode = "200",
            description =
                    "A line for each chunk: index, start, rows, state computed with npy (base64) or failed with error"
                            + " and message; an empty line where none came for 15 seconds; at last a line with end, and"
                            + " error if it has no result.",
            content = @Content(mediaType = "application/x-ndjson"))
    @Answers.OrProblem
    HttpResponse<StreamBody> outcomes(String job, HttpRequest<?> request) {
        boolean values = Query.only(request, "values").flag("values", true);
        JobHandle handle = handle(job);
        if (handle.over()) {
            handle.outcomes().close(); // says now whether they are there, while there can be another answer
        }
        return stream(LINES, () -> new OutcomeLines(handle, values, json));
    }

    private JobHandle handle(String job) {
        return map.attach(jobs.find(job).job()).orElseThrow();
    }

    private static HttpResponse<StreamBody> stream(MediaType type, StreamBody.Source source) {
        return HttpResponse.ok(new StreamBody(OptionalLong.empty(), source))
                .contentType(type)
                .header(HttpHeaders.CACHE_CONTROL, "no-store");
    }
}
