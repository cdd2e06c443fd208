package io.fanfold.protocol.intake;

import io.fanfold.protocol.wire.KafkaSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads a record again whose place is known. Any thread. */
public final class OneRecord {
    private static final Duration STEP = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private OneRecord() {}

    /** The record at this offset; empty if it is gone, or the broker does not give it within a minute. */
    public static Optional<ConsumerRecord<byte[], byte[]>> read(
            KafkaSettings kafka, String clientId, String topic, int partition, long offset) {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(kafka.consumer(clientId, ""));
        try {
            TopicPartition place = new TopicPartition(topic, partition);
            consumer.assign(List.of(place));
            consumer.seek(place, offset);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            List<ConsumerRecord<byte[], byte[]>> records = List.of();
            while (records.isEmpty() && consumer.position(place) <= offset && System.nanoTime() < deadline) {
                records = consumer.poll(STEP).records(place);
            }
            return records.stream().findFirst().filter(record -> record.offset() == offset);
        } finally {
            consumer.close(LogFollower.AT_ONCE);
        }
    }
}
