package io.fanfold.protocol.wire;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;

/**
 * A record of the submissions topic: an array, and what shall be computed on it.
 *
 * @param key the submitter's own name for the job; where it gave none, the record's place in the topic
 * @param options of the request, by name, as texts; not yet looked at
 * @param parameters of the function, by name, as texts
 * @param dtype as which the numbers of a JSON array shall be read
 */
public record Submission(
        String key,
        Map<String, String> options,
        Map<String, String> parameters,
        Optional<String> dtype,
        Payload payload) {
    public Submission {
        options = Map.copyOf(options);
        parameters = Map.copyOf(parameters);
    }

    /** The array, or where it is. */
    public sealed interface Payload {
        /** A {@code .npy} value. */
        record Npy(ByteBuffer bytes) implements Payload {}

        /** A JSON array, as text. */
        record JsonArray(ByteBuffer text) implements Payload {}

        /** The name of a file or an object that is a {@code .npy} value; not yet looked at. */
        record Elsewhere(String uri) implements Payload {}
    }
}
