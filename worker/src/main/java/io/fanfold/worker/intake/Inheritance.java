package io.fanfold.worker.intake;

import io.fanfold.protocol.wire.KafkaSettings;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Asks the broker, without waiting, what former owners of partitions have left: what they committed, and where the log begins and
 * ends.
 */
final class Inheritance implements AutoCloseable {
    /**
     * What is known of one partition when it is taken over.
     *
     * @param topicId of its topic
     * @param offset where to go on: what was committed last, or where the log begins
     * @param metadata of that commit; empty if there was none
     * @param lost how many offsets between the two are gone from the log though nobody has committed them
     */
    record Estate(String topicId, long offset, String metadata, long logEnd, long lost) {
        private static Estate of(String topicId, @Nullable OffsetAndMetadata committed, long begin, long end) {
            if (committed == null) {
                return new Estate(topicId, begin, "", end, 0);
            }
            long lost = Math.max(0, begin - committed.offset());
            return new Estate(topicId, committed.offset() + lost, lost > 0 ? "" : committed.metadata(), end, lost);
        }
    }

    private final Admin admin;
    private final String topic;
    private final String group;

    Inheritance(KafkaSettings kafka, String clientId, String topic, String group) {
        this.admin = Admin.create(kafka.admin(clientId));
        this.topic = topic;
        this.group = group;
    }

    /** Completes on a thread of the client, exceptionally where the broker does not answer in its time. */
    CompletableFuture<Map<TopicPartition, Estate>> of(Collection<TopicPartition> partitions) {
        CompletableFuture<String> topicId = admin.describeTopics(java.util.List.of(topic))
                .allTopicNames()
                .toCompletionStage()
                .thenApply(all -> java.util.Objects.requireNonNull(all.get(topic))
                        .topicId()
                        .toString())
                .toCompletableFuture();
        var begins = offsets(partitions, OffsetSpec.earliest());
        var committed = begins.thenCompose(_ -> committed(partitions)); // then a purge in between is none of the losses
        var ends = offsets(partitions, OffsetSpec.latest());
        return CompletableFuture.allOf(committed, topicId, begins, ends).thenApply(_ -> {
            Map<TopicPartition, Estate> estates = new HashMap<>();
            for (TopicPartition p : partitions) {
                estates.put(
                        p,
                        Estate.of(
                                topicId.join(),
                                committed.join().get(p),
                                begins.join().getOrDefault(p, 0L),
                                ends.join().getOrDefault(p, 0L)));
            }
            return estates;
        });
    }

    private CompletionStage<Map<TopicPartition, OffsetAndMetadata>> committed(Collection<TopicPartition> partitions) {
        return admin.listConsumerGroupOffsets(
                        Map.of(group, new ListConsumerGroupOffsetsSpec().topicPartitions(partitions)))
                .partitionsToOffsetAndMetadata(group)
                .toCompletionStage();
    }

    private CompletableFuture<Map<TopicPartition, Long>> offsets(
            Collection<TopicPartition> partitions, OffsetSpec which) {
        Map<TopicPartition, OffsetSpec> asked =
                partitions.stream().collect(Collectors.toMap(Function.identity(), _ -> which));
        return admin.listOffsets(asked)
                .all()
                .toCompletionStage()
                .thenApply(all ->
                        all.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, e -> offset(e.getValue()))))
                .toCompletableFuture();
    }

    private static long offset(ListOffsetsResultInfo info) {
        return info.offset();
    }

    @Override
    public void close() {
        admin.close(java.time.Duration.ZERO);
    }
}
