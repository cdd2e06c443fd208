package io.fanfold.protocol.wire;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** A record as its reader gets it from a broker. */
final class Travel {
    static final JobId JOB = new JobId("jAbc-123_x");
    static final Topics TOPICS = Topics.DEFAULT;

    private Travel() {}

    static ConsumerRecord<byte[], byte[]> arrive(ProducerRecord<byte[], byte[]> sent) {
        return record(sent, sent.value());
    }

    static ConsumerRecord<byte[], ByteBuffer> borrowed(ProducerRecord<byte[], byte[]> sent) {
        return record(sent, sent.value() == null ? null : ByteBuffer.wrap(sent.value()));
    }

    private static <V> ConsumerRecord<byte[], V> record(ProducerRecord<byte[], byte[]> sent, V value) {
        return new ConsumerRecord<>(
                sent.topic(),
                sent.partition() == null ? 0 : sent.partition(),
                42,
                0,
                TimestampType.LOG_APPEND_TIME,
                0,
                0,
                sent.key(),
                value,
                new RecordHeaders(sent.headers().toArray()),
                Optional.empty());
    }

    static ProducerRecord<byte[], byte[]> with(ProducerRecord<byte[], byte[]> sent, String key, byte[] value) {
        return new ProducerRecord<>(
                sent.topic(),
                sent.partition(),
                key == null ? null : key.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                value,
                sent.headers());
    }

    static String key(ProducerRecord<byte[], byte[]> sent) {
        return text(sent.key());
    }

    static String text(byte[] bytes) {
        return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
    }

    static byte[] bytes(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }
}
