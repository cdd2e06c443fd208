package io.fanfold.cli;

import io.fanfold.http.HttpSettings;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What an HTTP server lets in. */
final class HttpOptions {
    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            defaultValue = "${env:FANFOLD_TOKEN:-}",
            description =
                    "What requests over HTTP have to bear (Authorization: Bearer TOKEN), but those for health, metrics"
                            + " and documentation (default: nothing; better FANFOLD_TOKEN, which other users of the"
                            + " machine do not see).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String token;

    @Option(
            names = "--requests-per-second",
            paramLabel = "N",
            defaultValue = "${env:FANFOLD_REQUESTS_PER_SECOND:-1000}",
            description = "HTTP requests that one remote address may make in a second, in the mean; 0: any number"
                    + " (default: 1000; or FANFOLD_REQUESTS_PER_SECOND).")
    private int requestsPerSecond;

    @Option(
            names = "--max-header-bytes",
            paramLabel = "BYTES",
            defaultValue = "${env:FANFOLD_MAX_HEADER_BYTES:-16384}",
            description =
                    "The most that the headers of an HTTP request may have, and its first line (default: 16384; or"
                            + " FANFOLD_MAX_HEADER_BYTES).")
    private int headerBytes;

    /** For a server that takes no arrays in. */
    HttpSettings settings() {
        return settings(HttpSettings.Uploads.DEFAULT);
    }

    HttpSettings settings(HttpSettings.Uploads uploads) {
        return new HttpSettings(
                Optional.of(token).filter(text -> !text.isEmpty()), requestsPerSecond, headerBytes, uploads);
    }
}
