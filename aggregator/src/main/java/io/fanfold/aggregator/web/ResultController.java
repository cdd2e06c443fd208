package io.fanfold.aggregator.web;

import io.fanfold.aggregator.Aggregator;
import io.fanfold.aggregator.AggregatorSettings;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.WireException;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.server.types.files.SystemFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** Serves finished arrays as {@code .npy}. A job id has no room for a path, so nothing outside the store can be asked for. */
@Controller("/v1/jobs")
@Requires(beans = AggregatorSettings.class)
final class ResultController {
    private final Aggregator aggregator;

    ResultController(Aggregator aggregator) {
        this.aggregator = aggregator;
    }

    @Get(value = "/{job}/result", produces = MediaType.APPLICATION_OCTET_STREAM)
    HttpResponse<?> result(String job) {
        Path file;
        try {
            file = aggregator.result(new JobId(job));
        } catch (WireException e) {
            return HttpResponse.notFound();
        }
        return Files.isRegularFile(file)
                ? HttpResponse.ok(
                        new SystemFile(file.toFile(), MediaType.APPLICATION_OCTET_STREAM_TYPE).attach(job + ".npy"))
                : HttpResponse.notFound();
    }
}
