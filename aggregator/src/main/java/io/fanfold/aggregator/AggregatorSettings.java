package io.fanfold.aggregator;

import io.fanfold.protocol.wire.KafkaSettings;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What an aggregator is told.
 *
 * @param name its name in logs and metrics; names its spools, so it is its own and stays the same across restarts
 * @param store the directory of results
 * @param httpBase the address under which its HTTP server is reached ({@code http://host:port}), if it has one
 */
public record AggregatorSettings(KafkaSettings kafka, String name, Path store, Optional<String> httpBase) {}
