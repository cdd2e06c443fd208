package io.fanfold.cli;

import io.fanfold.http.HttpSettings;
import java.time.Duration;
import picocli.CommandLine.Option;

/** What a producer takes in over HTTP. */
final class UploadOptions {
    @Option(
            names = "--max-body-bytes",
            paramLabel = "BYTES",
            defaultValue = "${env:FANFOLD_MAX_BODY_BYTES:-1099511627776}",
            description =
                    "The most that one array may have that comes in over HTTP (default: 1 TiB, as memory does not grow"
                            + " with it; or FANFOLD_MAX_BODY_BYTES).")
    private long bodyBytes;

    @Option(
            names = "--max-uploads",
            paramLabel = "N",
            defaultValue = "${env:FANFOLD_MAX_UPLOADS:-32}",
            description =
                    "Arrays that may come in over HTTP at the same time; each holds some chunks in memory (default:"
                            + " 32; or FANFOLD_MAX_UPLOADS).")
    private int atOnce;

    @Option(
            names = "--max-jobs",
            paramLabel = "N",
            defaultValue = "${env:FANFOLD_MAX_JOBS:-1000}",
            description = "Jobs that came in over HTTP and may be open here at the same time (default: 1000; or"
                    + " FANFOLD_MAX_JOBS).")
    private int jobs;

    /** @param drain how long what is coming in may go on when the process is told to end */
    HttpSettings.Uploads limits(Duration drain) {
        return new HttpSettings.Uploads(bodyBytes, atOnce, jobs, drain);
    }
}
