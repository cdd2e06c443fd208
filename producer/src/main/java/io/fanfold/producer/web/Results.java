package io.fanfold.producer.web;

import io.fanfold.http.Content;
import io.fanfold.http.Download;
import io.fanfold.http.KeptResults;
import io.fanfold.http.Problem;
import io.fanfold.producer.client.JobReport;
import io.fanfold.producer.client.ParallelMap;
import io.fanfold.protocol.wire.ResultInfo;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * The results of jobs, wherever they are: in an aggregator of the same application, in the record of the job's end, or at the
 * aggregator that this names. Any thread; waits for an aggregator's answer.
 */
final class Results {
    private final ParallelMap map;
    private final Optional<KeptResults> near;
    private final Aggregators far;

    /** @param near of an aggregator in the same application */
    Results(ParallelMap map, Optional<KeptResults> near, Aggregators far) {
        this.map = map;
        this.near = near;
        this.far = far;
    }

    /** The whole array. */
    HttpResponse<?> result(JobReport job, HttpRequest<?> request) throws IOException {
        Optional<HttpResponse<?>> none = none(job);
        if (none.isPresent()) {
            return none.get();
        }
        ResultInfo info = job.result().orElseThrow();
        String name = job.job() + ".npy";
        Optional<Content> content = near(name).or(() -> inline(job, name));
        if (content.isEmpty() && info.http().isPresent()) {
            content = far.find(info.http().get(), name, OptionalLong.of(info.bytes()), info.crc32c());
        }
        return answer(job, content, MediaType.APPLICATION_OCTET_STREAM_TYPE, request);
    }

    /** Which rows are missing. */
    HttpResponse<?> mask(JobReport job, HttpRequest<?> request) throws IOException {
        return besides(job, ".mask.npy", ResultInfo.Holes::mask, MediaType.APPLICATION_OCTET_STREAM_TYPE, request);
    }

    /** Why chunks failed. */
    HttpResponse<?> errors(JobReport job, HttpRequest<?> request) throws IOException {
        return besides(job, ".errors.json", ResultInfo.Holes::errors, MediaType.APPLICATION_JSON_TYPE, request);
    }

    private HttpResponse<?> besides(
            JobReport job,
            String suffix,
            Function<ResultInfo.Holes, Optional<String>> address,
            MediaType type,
            HttpRequest<?> request)
            throws IOException {
        Optional<HttpResponse<?>> none = none(job);
        if (none.isPresent()) {
            return none.get();
        }
        if (job.holes().isEmpty()) {
            return Problem.response(
                    HttpStatus.NOT_FOUND,
                    "no chunk of job " + job.job() + " failed: its result is whole",
                    job.job().value());
        }
        String name = job.job() + suffix;
        Optional<Content> content = near(name);
        Optional<String> at = address.apply(job.holes().get());
        if (content.isEmpty() && at.isPresent()) {
            content = far.find(at.get(), name, OptionalLong.empty(), "");
        }
        return answer(job, content, type, request);
    }

    private static HttpResponse<?> answer(
            JobReport job, Optional<Content> content, MediaType type, HttpRequest<?> request) {
        return content.isPresent()
                ? new Download(content.get(), type).to(request)
                : Problem.response(
                        HttpStatus.BAD_GATEWAY,
                        "job " + job.job() + " is COMPLETED and its result is kept at "
                                + job.result().map(ResultInfo::uri).orElse("?")
                                + ", but no aggregator serves it: start one with --http-advertised",
                        job.job().value());
    }

    /** What is said where there is no result. */
    private static Optional<HttpResponse<?>> none(JobReport job) {
        if (job.result().isPresent()) {
            return Optional.empty();
        }
        boolean gone = job.completed();
        String why = job.error().map(error -> ": " + error).orElse("");
        return Optional.of(Problem.response(
                gone ? HttpStatus.GONE : HttpStatus.CONFLICT,
                "job " + job.job() + " is " + job.state() + why
                        + (gone
                                ? "; submit the array again"
                                : job.ended()
                                        ? "; it has no result"
                                        : "; ask again when it is COMPLETED, or follow " + JobsController.PATH + "/"
                                                + job.job() + "/events"),
                job.job().value()));
    }

    private Optional<Content> near(String name) throws IOException {
        return near.isPresent() ? near.get().find(name) : Optional.empty();
    }

    private Optional<Content> inline(JobReport job, String name) {
        return map.jobs()
                .end(job.job())
                .flatMap(end -> end.result())
                .flatMap(result -> result.inline().map(npy -> new InlineResult(name, result.crc32c(), npy)));
    }

    /** A small result in the record of its job's end. */
    private record InlineResult(String name, String version, ByteBuffer npy) implements Content {
        @Override
        public long bytes() {
            return npy.remaining();
        }

        @Override
        public InputStream open(long first, long count) {
            byte[] bytes = new byte[(int) count];
            npy.slice((int) first, (int) count).get(bytes);
            return new ByteArrayInputStream(bytes);
        }
    }
}
