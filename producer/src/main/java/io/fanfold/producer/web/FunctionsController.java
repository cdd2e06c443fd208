package io.fanfold.producer.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fanfold.producer.ProducerSettings;
import io.fanfold.producer.client.ParallelMap;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.util.List;

/** What the pools can compute. */
@Controller("/v1/functions")
@Requires(beans = ProducerSettings.class)
@ExecuteOn(TaskExecutors.BLOCKING)
final class FunctionsController {
    private final ParallelMap map;

    FunctionsController(ParallelMap map) {
        this.map = map;
    }

    /** All functions, by pool and name. */
    @Introspected
    @JsonInclude(JsonInclude.Include.ALWAYS)
    @Schema(name = "FunctionList")
    record FunctionList(List<FunctionView> functions) {}

    /** The functions that workers have. */
    @Get
    @Operation(operationId = "functions")
    @ApiResponse(
            responseCode = "200",
            description = "The functions.",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = FunctionList.class)))
    @Answers.OrProblem
    FunctionList list(HttpRequest<?> request) {
        Query.none(request);
        return new FunctionList(
                map.functions().all().stream().map(FunctionView::of).toList());
    }
}
