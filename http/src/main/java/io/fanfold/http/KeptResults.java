package io.fanfold.http;

import java.io.IOException;
import java.util.Optional;

/** The results that an aggregator in the same application keeps. Any thread. */
public interface KeptResults {
    /** A property of an application: where it is {@code true}, a producer in it serves results, and its aggregator does not. */
    String SERVED_BY_PRODUCER = "fanfold.results.served-by-producer";

    /**
     * A file of its store.
     *
     * @param name {@code <job>.npy}, {@code <job>.mask.npy} or {@code <job>.errors.json}
     */
    Optional<Content> find(String name) throws IOException;
}
