package io.fanfold.producer;

import io.fanfold.protocol.wire.KafkaSettings;
import java.nio.file.Path;
import java.util.Set;

/**
 * What a producer is told.
 *
 * @param name its name in logs and metrics
 * @param pools the pools it writes chunks for
 * @param spool a directory for uploads that are being dispatched
 */
public record ProducerSettings(KafkaSettings kafka, String name, Set<String> pools, Path spool) {
    public ProducerSettings {
        pools = Set.copyOf(pools);
    }
}
