package io.fanfold.protocol.wire;

import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A function that the workers of a pool have: a record of the functions topic.
 *
 * @param profile how it has run there, where that is known: what a new worker of the pool starts from
 * @param codecs the codecs that a worker of the pool reads chunks in, by Kafka's names, sorted; those of {@link #EVERY_WORKER} are always among
 *     them
 */
public record FunctionOffer(
        String pool, FunctionDescription function, Optional<FunctionProfile> profile, Set<String> codecs) {
    /** What every Kafka client reads, and so a worker that does not say what it reads. */
    public static final Set<String> EVERY_WORKER = Set.of("none", "gzip");
    /** What Kafka's own client for the JVM reads, as far as chunks are written in it. */
    public static final Set<String> KAFKA_CLIENTS = Set.of("none", "gzip", "lz4", "zstd");

    public FunctionOffer {
        Set<String> read = new TreeSet<>(EVERY_WORKER);
        read.addAll(codecs);
        codecs = Collections.unmodifiableSet(read);
    }

    /** A function of a worker that reads what every client does. */
    public FunctionOffer(String pool, FunctionDescription function, Optional<FunctionProfile> profile) {
        this(pool, function, profile, EVERY_WORKER);
    }

    /** A function that has not run yet. */
    public FunctionOffer(String pool, FunctionDescription function) {
        this(pool, function, Optional.empty());
    }
}
