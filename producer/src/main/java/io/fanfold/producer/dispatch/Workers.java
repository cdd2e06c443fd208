package io.fanfold.producer.dispatch;

import io.fanfold.protocol.wire.FunctionOffer;
import io.fanfold.protocol.wire.FunctionProfile;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What the workers of a pool say that matters for a job's chunks.
 *
 * @param nanosPerByte wall nanoseconds that the function takes for a byte of an array, where known
 * @param readable the codecs that all of them read
 */
public record Workers(OptionalDouble nanosPerByte, Set<Codec> readable) {
    /** Workers of which nothing is known. */
    public static final Workers UNKNOWN = new Workers(OptionalDouble.empty(), Set.of());

    /** What an offer says. */
    public static Workers of(FunctionOffer offer) {
        OptionalDouble cost = offer.profile().map(FunctionProfile::nanosPerByte).orElseGet(OptionalDouble::empty);
        return new Workers(cost, Codec.known(offer.codecs()));
    }

    public Workers {
        readable = Set.copyOf(readable);
    }
}
