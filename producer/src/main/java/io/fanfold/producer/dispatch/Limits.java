package io.fanfold.producer.dispatch;

import io.fanfold.protocol.InvalidRequestException;
import java.util.OptionalLong;

/**
 * How long the chunks of a job may take, in milliseconds; where there is none, as long as they like.
 *
 * @param timeToLiveMs from the time at which the broker has a chunk; one that is older is not computed any more
 * @param chunkTimeoutMs of one attempt at a chunk
 */
public record Limits(OptionalLong timeToLiveMs, OptionalLong chunkTimeoutMs) {
    public static final Limits NONE = new Limits(OptionalLong.empty(), OptionalLong.empty());
    /** Some thirty thousand years: what is more is a slip. */
    private static final double MOST_SECONDS = 1e12;

    public Limits {
        requirePositive("time-to-live", timeToLiveMs);
        requirePositive("chunk-timeout", chunkTimeoutMs);
    }

    private static void requirePositive(String name, OptionalLong ms) {
        if (ms.isPresent() && ms.getAsLong() <= 0) {
            throw new InvalidRequestException(name + " is " + ms.getAsLong() + " ms; it must be above 0");
        }
    }

    /**
     * A limit as a person writes it, such as {@code 90} or {@code 0.5}; rounded to milliseconds, one at least.
     *
     * @param name of the option, for the error
     * @throws InvalidRequestException if it is no number of seconds above 0
     */
    public static OptionalLong seconds(String name, String text) {
        double seconds;
        try {
            seconds = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw refused(name, text);
        }
        if (!(seconds > 0 && seconds <= MOST_SECONDS)) {
            throw refused(name, text);
        }
        return OptionalLong.of(Math.max(1, Math.round(seconds * 1000)));
    }

    private static InvalidRequestException refused(String name, String text) {
        return new InvalidRequestException(
                name + " is \"" + text + "\"; it must be a number of seconds above 0, for instance 90 or 0.5");
    }
}
