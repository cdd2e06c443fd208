package io.fanfold.protocol.wire;

import java.util.Optional;

/**
 * A function that the workers of a pool have: a record of the functions topic.
 *
 * @param profile how it has run there, where that is known: what a new worker of the pool starts from
 */
public record FunctionOffer(String pool, FunctionDescription function, Optional<FunctionProfile> profile) {
    /** A function that has not run yet. */
    public FunctionOffer(String pool, FunctionDescription function) {
        this(pool, function, Optional.empty());
    }
}
