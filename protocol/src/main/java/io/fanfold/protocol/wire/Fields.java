package io.fanfold.protocol.wire;

import java.util.Optional;
import java.util.OptionalLong;

/** The fields of a JSON object, each read with a {@link WireException} that names it where it is not as it must be. */
sealed interface Fields permits Json, FlatJson {
    /**
     * Reads a header that every chunk or outcome has.
     *
     * @param where names it in errors
     * @throws WireException if it is not a JSON object
     */
    static Fields of(String where, byte[] bytes) {
        Optional<FlatJson> flat = FlatJson.of(where, bytes);
        return flat.isPresent() ? flat.get() : Json.parse(where, bytes);
    }

    String text(String field);

    /** A whole number of at least 0. */
    long number(String field);

    /** The same, of at most {@link Integer#MAX_VALUE}. */
    int smallNumber(String field);

    OptionalLong optionalNumber(String field);

    WireException refused(String field, String wanted);
}
