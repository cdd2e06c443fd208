package io.fanfold.producer.web;

import io.fanfold.producer.ProducerSettings;
import io.fanfold.producer.client.ParallelMap;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
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
    record FunctionList(List<FunctionView> functions) {}

    /** The functions that workers have. */
    @Get
    FunctionList list(HttpRequest<?> request) {
        Query.none(request);
        return new FunctionList(
                map.functions().all().stream().map(FunctionView::of).toList());
    }
}
