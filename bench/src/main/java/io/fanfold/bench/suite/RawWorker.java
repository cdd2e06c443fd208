package io.fanfold.bench.suite;

import io.fanfold.bench.rig.Child;
import io.fanfold.protocol.wire.KafkaSettings;
import java.time.Duration;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The middle of the raw pipe: a process that writes each record that it reads to another topic, as plain as can be. */
final class RawWorker {
    private static final long BUFFER_BYTES = 32L << 20;

    private RawWorker() {}

    /**
     * Runs until the process that started it ends.
     *
     * @param args the broker, the topic to read and the topic to write
     */
    public static void main(String[] args) {
        Child.endWithParent();
        KafkaSettings kafka = KafkaSettings.at(args[0]);
        Properties reading = kafka.consumer("raw", "raw-workers");
        reading.put("enable.auto.commit", "true");
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(reading);
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(kafka.producer("raw", BUFFER_BYTES))) {
            consumer.subscribe(Set.of(args[1]));
            while (true) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    Future<?> _ = producer.send(
                            new ProducerRecord<>(args[2], record.partition(), record.key(), record.value()));
                }
            }
        }
    }
}
