package io.fanfold.producer;

import io.fanfold.protocol.topics.Purge;
import io.fanfold.protocol.wire.KafkaSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a producer is told.
 *
 * @param name its name in logs and metrics
 * @param pools the pools it writes chunks for
 * @param spool a directory for uploads that are being dispatched
 * @param submissionRoots the directories below which submissions may name files
 * @param purgeEvery how often submissions that are done are deleted from the broker; empty: never
 */
public record ProducerSettings(
        KafkaSettings kafka,
        String name,
        Set<String> pools,
        Path spool,
        List<Path> submissionRoots,
        Optional<Duration> purgeEvery) {
    public ProducerSettings {
        pools = Set.copyOf(pools);
        submissionRoots = List.copyOf(submissionRoots);
    }

    /** One that opens no files and purges as often as all. */
    public ProducerSettings(KafkaSettings kafka, String name, Set<String> pools, Path spool) {
        this(kafka, name, pools, spool, List.of(), Optional.of(Purge.EVERY));
    }

    /** With other directories below which submissions may name files. */
    public ProducerSettings withSubmissionRoots(List<Path> roots) {
        return new ProducerSettings(kafka, name, pools, spool, roots, purgeEvery);
    }
}
