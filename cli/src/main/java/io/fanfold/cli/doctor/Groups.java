package io.fanfold.cli.doctor;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** What a group has before it. */
record Groups(Cluster cluster) {
    /** How many members a group has; none where it does not exist. */
    int members(String group) {
        try {
            return Cluster.ask(cluster.admin()
                            .describeConsumerGroups(Set.of(group))
                            .describedGroups()
                            .get(group))
                    .members()
                    .size();
        } catch (GroupIdNotFoundException e) {
            return 0;
        }
    }

    int partitions(String topic) {
        return Cluster.ask(cluster.admin()
                        .describeTopics(Set.of(topic))
                        .topicNameValues()
                        .get(topic))
                .partitions()
                .size();
    }

    /** How many records of a topic are not behind a group's commits. */
    long lag(String group, String topic) {
        Set<TopicPartition> partitions = IntStream.range(0, partitions(topic))
                .mapToObj(p -> new TopicPartition(topic, p))
                .collect(Collectors.toSet());
        Map<TopicPartition, Long> first = offsets(partitions, OffsetSpec.earliest());
        Map<TopicPartition, Long> end = offsets(partitions, OffsetSpec.latest());
        Map<TopicPartition, Long> committed = committed(group, partitions);
        return partitions.stream()
                .mapToLong(p -> {
                    long begin = first.getOrDefault(p, 0L);
                    return Math.max(0, end.getOrDefault(p, 0L) - Math.max(begin, committed.getOrDefault(p, begin)));
                })
                .sum();
    }

    private Map<TopicPartition, Long> committed(String group, Set<TopicPartition> partitions) {
        Map<TopicPartition, Long> committed = new HashMap<>();
        try {
            var spec = new ListConsumerGroupOffsetsSpec().topicPartitions(List.copyOf(partitions));
            Cluster.ask(cluster.admin()
                            .listConsumerGroupOffsets(Map.of(group, spec))
                            .partitionsToOffsetAndMetadata(group))
                    .forEach((p, offset) -> {
                        if (offset != null) {
                            committed.put(p, offset.offset());
                        }
                    });
        } catch (GroupIdNotFoundException e) {
            return Map.of();
        }
        return committed;
    }

    Map<TopicPartition, Long> offsets(Set<TopicPartition> partitions, OffsetSpec which) {
        return Cluster.ask(cluster.admin()
                        .listOffsets(partitions.stream().collect(Collectors.toMap(Function.identity(), p -> which)))
                        .all())
                .entrySet()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> offset(e.getValue())));
    }

    private static long offset(ListOffsetsResultInfo info) {
        return info.offset();
    }
}
