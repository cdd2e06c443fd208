package io.fanfold.producer.dispatch;

import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.topics.TopicSetup;
import io.fanfold.protocol.wire.DeadLetter;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Records;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/** Sets submissions aside that cannot become jobs, and says so to whoever looks for them. Any thread, one at a time. */
public final class Refusals implements AutoCloseable {
    private final KafkaSettings kafka;
    private final String clientId;
    private @Nullable KafkaProducer<byte[], byte[]> producer;
    private int outcomePartitions;

    /** Connects with the first refusal. */
    public Refusals(KafkaSettings kafka, String clientId) {
        this.kafka = kafka;
        this.clientId = clientId;
    }

    /**
     * Refuses a record: all of it goes to the dead letters. Returns when the broker has that and the refusal; refused again, it is the
     * same refusal.
     *
     * @param key what the submitter looks for it by
     * @throws FanfoldException if the broker does not take it
     */
    public synchronized void refuse(ConsumerRecord<byte[], byte[]> record, String key, String reason) {
        String line = reason.replaceAll("\\R", " ");
        setAside(record, new DeadLetter(line, record.topic(), record.partition(), record.offset()));
        JobId job = id(record);
        send(Records.refusal(kafka.topics(), new JobRecord.Refusal(job, key, line, partition(job))));
    }

    private void setAside(ConsumerRecord<byte[], byte[]> record, DeadLetter letter) {
        try {
            send(Records.deadLetter(kafka.topics(), record, letter));
        } catch (FanfoldException e) {
            if (!(e.getCause() instanceof RecordTooLargeException)) {
                throw e;
            }
            send(Records.deadLetterWithoutValue(kafka.topics(), letter));
        }
    }

    private static JobId id(ConsumerRecord<byte[], byte[]> record) {
        String place = record.topic() + "/" + record.partition() + "/" + record.offset() + "/" + record.timestamp();
        return new JobId("refused-" + UUID.nameUUIDFromBytes(place.getBytes(StandardCharsets.UTF_8)));
    }

    private int partition(JobId job) {
        if (outcomePartitions == 0) {
            try (TopicSetup setup = new TopicSetup(kafka)) {
                outcomePartitions = setup.partitions(kafka.topics().outcomes());
            }
        }
        return Math.floorMod(job.value().hashCode(), outcomePartitions);
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        KafkaProducer<byte[], byte[]> open = producer;
        if (open == null) {
            open = new KafkaProducer<>(kafka.producer(clientId + "-refusals", 0));
            producer = open;
        }
        try {
            open.send(record).get();
        } catch (ExecutionException e) {
            throw new FanfoldException(
                    "the broker at " + kafka.bootstrapServers() + " refused a record: " + e.getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FanfoldException("interrupted while writing to " + kafka.bootstrapServers(), e);
        }
    }

    @Override
    public synchronized void close() {
        if (producer != null) {
            producer.close(Duration.ofSeconds(5));
        }
    }
}
