package io.fanfold.protocol.topics;

import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Topics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How many partitions a fleet's topics have, and for which pools.
 *
 * @param pools the pools that have a chunks topic
 * @param chunkPartitions of each pool's chunks topic: the most workers that one pool can use
 * @param outcomePartitions the most aggregators that can share the jobs
 * @param replication copies of each record; 0: three where the cluster has three brokers, else one
 */
public record TopicLayout(Set<String> pools, int chunkPartitions, int outcomePartitions, int replication) {
    public static final TopicLayout DEFAULT = new TopicLayout(Set.of(Topics.DEFAULT_POOL), 12, 4, 0);

    public TopicLayout {
        pools = Set.copyOf(pools);
    }

    /** One topic as it shall be. */
    record Wanted(String name, int partitions, Map<String, String> config) {}

    List<Wanted> wanted(KafkaSettings kafka) {
        Topics topics = kafka.topics();
        List<Wanted> wanted = new java.util.ArrayList<>(List.of(
                data(topics.submissions(), outcomePartitions, kafka.maxMessageBytes()),
                table(kafka, topics.jobs()),
                data(topics.outcomes(), outcomePartitions, kafka.maxMessageBytes()),
                table(kafka, topics.states()),
                table(kafka, topics.functions()),
                new Wanted(topics.control(), 1, Map.of("retention.ms", "604800000")),
                data(topics.deadLetters(), 1, kafka.deadLetterBytes())));
        pools.stream()
                .sorted()
                .forEach(pool -> wanted.add(data(topics.chunks(pool), chunkPartitions, kafka.maxMessageBytes())));
        return wanted;
    }

    /** Arrays: kept until purged, in segments small enough that a purge gives the space back. Time is the broker's. */
    private static Wanted data(String name, int partitions, int maxMessageBytes) {
        Map<String, String> config = new LinkedHashMap<>();
        config.put("max.message.bytes", Integer.toString(maxMessageBytes));
        config.put("retention.ms", "-1");
        config.put("retention.bytes", "-1");
        config.put("segment.bytes", Integer.toString(64 * 1024 * 1024));
        config.put("message.timestamp.type", "LogAppendTime");
        return new Wanted(name, partitions, config);
    }

    /** The latest record of each key, in one partition, so that the order of the log is the order of events. Time is the broker's. */
    private static Wanted table(KafkaSettings kafka, String name) {
        Map<String, String> config = new LinkedHashMap<>();
        config.put("cleanup.policy", "compact");
        config.put("max.message.bytes", Integer.toString(kafka.maxMessageBytes()));
        config.put("message.timestamp.type", "LogAppendTime");
        return new Wanted(name, 1, config);
    }
}
