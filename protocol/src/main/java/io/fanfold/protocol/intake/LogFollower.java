package io.fanfold.protocol.intake;

import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.wire.KafkaSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads a topic of small records from its beginning and follows it, outside any group. For the compacted topics, whose
 * contents are a table. Not thread-safe: one thread owns it.
 */
public final class LogFollower implements AutoCloseable {
    private static final Duration STEP = Duration.ofMillis(100);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final Consumer<ConsumerRecord<byte[], byte[]>> reader;

    /**
     * @param reader is given each record, in the order of its partition; what it throws, {@link #poll} throws
     * @throws FanfoldException if the topic does not exist
     */
    public LogFollower(
            KafkaSettings kafka, String clientId, String topic, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        this.consumer = new KafkaConsumer<>(kafka.consumer(clientId, ""));
        this.reader = reader;
        try {
            this.partitions = consumer.partitionsFor(topic, Duration.ofSeconds(10)).stream()
                    .map(p -> new TopicPartition(topic, p.partition()))
                    .toList();
            if (partitions.isEmpty()) {
                throw new FanfoldException("topic " + topic + " does not exist at " + kafka.bootstrapServers()
                        + ": make it with: fanfold topics create --bootstrap-server " + kafka.bootstrapServers());
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
        } catch (KafkaException e) {
            consumer.close();
            throw new FanfoldException(
                    "cannot read topic " + topic + " at " + kafka.bootstrapServers() + ": " + e.getMessage(), e);
        } catch (FanfoldException e) {
            consumer.close();
            throw e;
        }
    }

    /** Hands over what is there, waiting at most so long for a first record. Returns how many records there were. */
    public int poll(Duration wait) {
        var records = consumer.poll(wait);
        records.forEach(reader);
        return records.count();
    }

    /** Hands over everything that was acknowledged before the call. */
    public void readToEnd() {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            poll(STEP);
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
