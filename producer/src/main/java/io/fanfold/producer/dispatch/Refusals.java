package io.fanfold.producer.dispatch;

import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.topics.TopicSetup;
import io.fanfold.protocol.wire.DeadLetter;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Records;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/** Sets submissions aside that cannot become jobs, and says so to whoever looks for them. Any thread, one at a time. */
public final class Refusals implements AutoCloseable {
    private final KafkaSettings kafka;
    private final String clientId;
    private final MeterRegistry meters;
    private @Nullable Writer writer;
    private int outcomePartitions;

    /** Connects with the first refusal. */
    public Refusals(KafkaSettings kafka, String clientId, MeterRegistry meters) {
        this.kafka = kafka;
        this.clientId = clientId;
        this.meters = meters;
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
        writer().write(Records.refusal(kafka.topics(), new JobRecord.Refusal(job, key, line, partition(job))));
    }

    private void setAside(ConsumerRecord<byte[], byte[]> record, DeadLetter letter) {
        try {
            writer().write(Records.deadLetter(kafka.topics(), record, letter));
        } catch (FanfoldException e) {
            if (!(e.getCause() instanceof RecordTooLargeException)) {
                throw e;
            }
            writer().write(Records.deadLetterWithoutValue(kafka.topics(), letter));
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

    private Writer writer() {
        Writer open = writer;
        if (open == null) {
            open = new Writer(kafka, clientId + "-refusals", Codec.NONE, 0, meters);
            writer = open;
        }
        return open;
    }

    @Override
    public synchronized void close() {
        if (writer != null) {
            writer.close();
        }
    }
}
