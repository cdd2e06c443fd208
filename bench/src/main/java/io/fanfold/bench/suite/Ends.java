package io.fanfold.bench.suite;

import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.wire.KafkaSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The two ends of what is {@link Between}, both in this JVM and with the settings of Fanfold's own clients: a producer that writes records
 * as they are made, in turn over the partitions, and a consumer that counts each answer once. One thread.
 */
final class Ends implements AutoCloseable {
    /** The index of an answer that belongs to another round: what is answered at least once may come late. */
    static final int OF_ANOTHER_ROUND = -1;

    private static final long BUFFER_BYTES = 32L << 20;
    private static final int SILENT_POLLS = 60;

    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;

    Ends(KafkaSettings kafka) {
        this.producer = new KafkaProducer<>(kafka.producer("ends", BUFFER_BYTES));
        this.consumer = new KafkaConsumer<>(kafka.consumer("ends", ""));
    }

    /** Makes the records of a round. */
    interface Head {
        ProducerRecord<byte[], byte[]> record(int partition, int index);
    }

    /** Takes the answers of a round. */
    interface Tail {
        /** The index of what this is the answer to, or {@link #OF_ANOTHER_ROUND}. */
        int take(ConsumerRecord<byte[], byte[]> answer) throws IOException;
    }

    /** Reads from the end of what is answered so far; to be called before the first round, and where another was between the ends. */
    void aim(Between between) {
        List<TopicPartition> all = consumer.partitionsFor(between.out()).stream()
                .map(p -> new TopicPartition(p.topic(), p.partition()))
                .toList();
        consumer.assign(all);
        consumer.seekToEnd(all);
        all.forEach(consumer::position);
        var _ = producer.partitionsFor(between.in());
    }

    /**
     * Writes so many records; returns when each is answered.
     *
     * @throws FanfoldException if nothing is answered for a minute
     */
    void carry(Between between, int count, Head head, Tail tail) throws IOException {
        CompletableFuture<Void> written = CompletableFuture.runAsync(() -> write(between.in(), count, head));
        BitSet have = new BitSet(count);
        int silent = 0;
        while (have.cardinality() < count) {
            ConsumerRecords<byte[], byte[]> answers = consumer.poll(Duration.ofSeconds(1));
            for (ConsumerRecord<byte[], byte[]> answer : answers) {
                int index = tail.take(answer);
                if (index != OF_ANOTHER_ROUND) {
                    have.set(index);
                }
            }
            if (written.isCompletedExceptionally()) {
                written.join();
            }
            silent = answers.isEmpty() ? silent + 1 : 0;
            if (silent == SILENT_POLLS) {
                throw new FanfoldException("nothing came back through " + between.in() + " for " + SILENT_POLLS
                        + " s, after " + have.cardinality() + " of " + count + " records; its workers said: "
                        + between.said());
            }
        }
    }

    private void write(String in, int count, Head head) {
        int partitions = producer.partitionsFor(in).size();
        for (int i = 0; i < count; i++) {
            Future<?> _ = producer.send(head.record(i % partitions, i));
        }
        producer.flush();
    }

    @Override
    public void close() {
        consumer.close();
        producer.close(Duration.ofSeconds(5));
    }
}
