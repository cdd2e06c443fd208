package io.fanfold.cli;

import io.fanfold.http.HttpSettings;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What an HTTP server lets in. */
final class HttpOptions {
    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    TokenOptions token;

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
    HttpSettings settings() throws IOException {
        return settings(HttpSettings.Uploads.DEFAULT);
    }

    HttpSettings settings(HttpSettings.Uploads uploads) throws IOException {
        return new HttpSettings(token.token(), requestsPerSecond, headerBytes, uploads);
    }
}
