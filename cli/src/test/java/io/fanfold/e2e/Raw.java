package io.fanfold.e2e;

import io.fanfold.protocol.intake.LogFollower;
import io.fanfold.protocol.wire.KafkaSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Records written and read by hand, as any other Kafka client may do it. */
final class Raw {
    private Raw() {}

    /** Writes records in their order; returns when the broker has them. */
    static void write(KafkaSettings kafka, List<ProducerRecord<byte[], byte[]>> records) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(kafka.producer("raw", 0))) {
            for (ProducerRecord<byte[], byte[]> record : records) {
                producer.send(record).get();
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Writes records, in their order only where they go to the same partition; returns when the broker has them. */
    static void writeFast(KafkaSettings kafka, List<ProducerRecord<byte[], byte[]>> records) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(kafka.producer("raw", 0))) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (ProducerRecord<byte[], byte[]> record : records) {
                sent.add(producer.send(record));
            }
            for (Future<RecordMetadata> one : sent) {
                one.get();
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** All that a topic has now. */
    static List<ConsumerRecord<byte[], byte[]>> read(KafkaSettings kafka, String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (LogFollower follower = new LogFollower(kafka, "raw", topic, records::add)) {
            follower.readToEnd();
        }
        return records;
    }
}
