package io.fanfold.cli.door;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * An array to be mapped.
 *
 * @param options texts by the names of {@link io.fanfold.producer.client.RequestOptions}
 * @param key the submitter's own name for the job
 */
public record Request(Array array, Map<String, String> options, Optional<String> key) {
    public Request {
        options = Map.copyOf(options);
    }

    /** Where the array comes from, as {@code .npy}. */
    public sealed interface Array {
        /** A file of this machine. */
        record File(Path path) implements Array {}

        /** A stream that is read once, to its end. */
        record Stream(InputStream in) implements Array {}
    }
}
