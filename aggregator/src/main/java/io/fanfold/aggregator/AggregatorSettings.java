package io.fanfold.aggregator;

import io.fanfold.aggregator.catalog.Policy;
import io.fanfold.aggregator.store.Moments;
import io.fanfold.aggregator.store.StoreAddress;
import io.fanfold.protocol.fold.Folds;
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
 * @param folds what jobs may fold with
 * @param policy how long it keeps what
 * @param moments told of what it has done
 */
public record AggregatorSettings(
        KafkaSettings kafka,
        String name,
        StoreAddress store,
        Path spool,
        Optional<String> httpBase,
        Folds folds,
        Policy policy,
        Moments moments) {
    /** Results in a directory, and in it the spools; the folds that come with Fanfold. */
    public AggregatorSettings(KafkaSettings kafka, String name, Path store, Optional<String> httpBase) {
        this(kafka, name, new StoreAddress.Directory(store), store.resolve("spool"), httpBase);
    }

    /** The folds that come with Fanfold. */
    public AggregatorSettings(
            KafkaSettings kafka, String name, StoreAddress store, Path spool, Optional<String> httpBase) {
        this(kafka, name, store, spool, httpBase, Folds.builtIn(), Policy.DEFAULT, Moments.NONE);
    }

    /** The same with other folds. */
    public AggregatorSettings with(Folds others) {
        return new AggregatorSettings(kafka, name, store, spool, httpBase, others, policy, moments);
    }

    /** The same with another policy. */
    public AggregatorSettings with(Policy other) {
        return new AggregatorSettings(kafka, name, store, spool, httpBase, folds, other, moments);
    }

    /** The same with somebody who listens. */
    public AggregatorSettings with(Moments listener) {
        return new AggregatorSettings(kafka, name, store, spool, httpBase, folds, policy, listener);
    }
}
