package io.fanfold.producer.dispatch;

import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.wire.KafkaSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** A Kafka client that writes, with one codec for all that it writes, and with its metrics. Any thread. */
final class Writer implements AutoCloseable {
    private final String broker;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaClientMetrics metrics;

    /** @param bufferBytes memory for records that are not acknowledged */
    Writer(KafkaSettings kafka, String clientId, Codec codec, long bufferBytes, MeterRegistry meters) {
        Properties p = kafka.producer(clientId, bufferBytes);
        if (codec != Codec.NONE) {
            p.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, codec.wire());
        }
        this.broker = kafka.bootstrapServers();
        this.producer = new KafkaProducer<>(p);
        this.metrics = new KafkaClientMetrics(producer);
        metrics.bindTo(meters);
    }

    /** Sends a record; waits while the buffer is full. Of the records of one partition the broker takes each after those before. */
    Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback then) {
        return producer.send(record, then);
    }

    /**
     * Sends a record and waits until the broker has it.
     *
     * @throws FanfoldException if the broker does not take it, with what it said as its cause
     */
    RecordMetadata write(ProducerRecord<byte[], byte[]> record) {
        try {
            return producer.send(record).get();
        } catch (ExecutionException e) {
            throw new FanfoldException(
                    "the broker at " + broker + " refused a record: " + e.getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FanfoldException("interrupted while writing to " + broker, e);
        }
    }

    @Override
    public void close() {
        metrics.close();
        producer.close(Duration.ofSeconds(5));
    }
}
