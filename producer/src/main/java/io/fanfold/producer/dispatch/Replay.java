package io.fanfold.producer.dispatch;

import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.rights.Role;
import io.fanfold.protocol.topics.TopicSetup;
import io.fanfold.protocol.wire.DeadLetter;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Records;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Writes records that were set aside again, where they came from and nowhere else: a letter is foreign text, so it is held to the
 * chunks topics of this fleet. One thread.
 */
public final class Replay implements AutoCloseable {
    private final KafkaSettings kafka;
    private final String clientId;
    private final Map<String, Integer> partitions = new HashMap<>();
    private @Nullable KafkaProducer<byte[], byte[]> producer;

    /** Connects with the first record. */
    public Replay(KafkaSettings kafka, String clientId) {
        this.kafka = kafka;
        this.clientId = clientId;
    }

    /** Where a record is now. */
    public record Written(String topic, int partition, long offset) {}

    /**
     * Makes sure that a letter may be written where it says it came from.
     *
     * @throws InvalidRequestException if that is no chunks topic of this fleet
     */
    public void requireChunksTopic(long id, DeadLetter letter) {
        if (kafka.topics().poolOf(letter.topic()).isEmpty()) {
            throw new InvalidRequestException("letter " + id + " names topic \"" + letter.topic()
                    + "\", which is no chunks topic of this fleet ("
                    + kafka.topics().prefix()
                    + ".chunks.POOL): nothing is written there");
        }
    }

    /**
     * Writes a letter's record to the topic it came from, to its partition where that is still there; returns when the broker has it.
     *
     * @throws FanfoldException if the topic is gone or too small, or the broker refuses
     */
    public Written again(ConsumerRecord<byte[], byte[]> letter, DeadLetter why) {
        requireChunksTopic(letter.offset(), why);
        int width = partitions.computeIfAbsent(why.topic(), this::partitions);
        OptionalInt partition = why.partition() < width ? OptionalInt.of(why.partition()) : OptionalInt.empty();
        try {
            RecordMetadata written = producer()
                    .send(Records.revived(letter, why.topic(), partition))
                    .get();
            return new Written(written.topic(), written.partition(), written.offset());
        } catch (ExecutionException e) {
            throw new FanfoldException(
                    "letter " + letter.offset() + " cannot be written to " + why.topic() + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FanfoldException("interrupted while writing to " + kafka.bootstrapServers(), e);
        }
    }

    private int partitions(String topic) {
        try (TopicSetup setup = new TopicSetup(kafka)) {
            setup.require(Role.CLIENT, Set.of(kafka.topics().poolOf(topic).orElseThrow()));
            return setup.partitions(topic);
        }
    }

    private KafkaProducer<byte[], byte[]> producer() {
        KafkaProducer<byte[], byte[]> open = producer;
        if (open == null) {
            open = new KafkaProducer<>(kafka.producer(clientId + "-replay", 0));
            producer = open;
        }
        return open;
    }

    @Override
    public void close() {
        if (producer != null) {
            producer.close(Duration.ofSeconds(5));
        }
    }
}
