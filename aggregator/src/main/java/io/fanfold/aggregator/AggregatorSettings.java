package io.fanfold.aggregator;

import io.fanfold.aggregator.store.StoreAddress;
import io.fanfold.protocol.wire.KafkaSettings;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What an aggregator is told.
 *
 * @param name its name in logs and metrics; names its spools, so it is its own and stays the same across restarts
 * @param store where results are kept
 * @param spool the local directory of what grows; of a directory of results best on the same file system
 * @param httpBase the address under which its HTTP server is reached ({@code http://host:port}), if it has one
 */
public record AggregatorSettings(
        KafkaSettings kafka, String name, StoreAddress store, Path spool, Optional<String> httpBase) {
    /** Results in a directory, and in it the spools. */
    public AggregatorSettings(KafkaSettings kafka, String name, Path store, Optional<String> httpBase) {
        this(kafka, name, new StoreAddress.Directory(store), store.resolve("spool"), httpBase);
    }
}
