package io.fanfold.cli.door;

import io.fanfold.producer.client.Results;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.ResultInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A job's result as files of this machine.
 *
 * @param mask true for the rows of failed chunks, where there are any
 * @param errors why they failed
 */
public record ResultFiles(Path result, Optional<Path> mask, Optional<Path> errors) {

    /**
     * Fetches a result with what is known of its holes.
     *
     * @param into an empty directory
     * @throws io.fanfold.protocol.FanfoldException if it is not served or is another than was announced
     */
    public static ResultFiles fetch(Results results, JobId job, ResultInfo result, Path into)
            throws IOException, InterruptedException {
        Path whole = into.resolve("result.npy");
        results.fetch(job, result, whole);
        if (result.holes().isEmpty()) {
            return new ResultFiles(whole, Optional.empty(), Optional.empty());
        }
        ResultInfo.Holes holes = result.holes().get();
        Path mask = into.resolve("mask.npy");
        Path errors = into.resolve("errors.json");
        results.fetchMask(job, holes, mask);
        results.fetchErrors(job, holes, errors);
        return new ResultFiles(whole, Optional.of(mask), Optional.of(errors));
    }
}
