package io.fanfold.bench.suite;

import io.fanfold.bench.rig.BrokerProcess;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.wire.KafkaSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * A value that goes through a broker four times, one after the other, as it must on its way as a job, a chunk, an outcome and an end. One
 * plain client with the settings of Fanfold's own sends it to the one partition of a topic, polls until it is there, and sends it again.
 * One thread.
 */
final class FourHops implements AutoCloseable {
    private static final String TOPIC = "raw.hops";
    private static final int HOPS = 4;
    private static final int SILENT_POLLS = 60;

    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;

    private FourHops(KafkaSettings kafka) {
        this.producer = new KafkaProducer<>(kafka.producer("hops", 0));
        this.consumer = new KafkaConsumer<>(kafka.consumer("hops", ""));
        TopicPartition only = new TopicPartition(TOPIC, 0);
        consumer.assign(List.of(only));
        consumer.seekToEnd(List.of(only));
        consumer.position(only);
    }

    static FourHops start(BrokerProcess broker) throws Exception {
        try (Admin admin = Admin.create(broker.kafka().admin("hops"))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, Optional.of(1), Optional.of((short) 1))))
                    .all()
                    .get();
        }
        return new FourHops(broker.kafka());
    }

    /** Seconds until it has made its four hops. */
    double seconds(byte[] value) {
        long begin = System.nanoTime();
        byte[] hopping = value;
        for (int i = 0; i < HOPS; i++) {
            hopping = hop(hopping);
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    private byte[] hop(byte[] value) {
        Future<?> _ = producer.send(new ProducerRecord<>(TOPIC, 0, null, value));
        for (int i = 0; i < SILENT_POLLS; i++) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                return record.value();
            }
        }
        throw new FanfoldException("nothing came back through " + TOPIC + " for " + SILENT_POLLS + " s");
    }

    @Override
    public void close() {
        consumer.close();
        producer.close(Duration.ofSeconds(5));
    }
}
