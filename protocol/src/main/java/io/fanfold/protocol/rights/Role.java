package io.fanfold.protocol.rights;

import java.util.Locale;

/** Who asks something of the brokers. */
public enum Role {
    PRODUCER,
    WORKER,
    AGGREGATOR,
    /** Commands and programs that reach a fleet over Kafka. */
    CLIENT,
    /** {@code topics create} and {@code topics check}. */
    TOPICS;

    /** As it is spoken of. */
    String who() {
        return this == TOPICS ? "the user for topics" : "the " + word();
    }

    /** As it is written on a command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
