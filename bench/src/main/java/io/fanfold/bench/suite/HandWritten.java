package io.fanfold.bench.suite;

import io.fanfold.bench.rig.Child;
import io.fanfold.protocol.wire.KafkaSettings;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A consumer and a pool of threads, as a good engineer writes it for one purpose: polls, hands each record to the pool, writes each
 * answer, and commits a poll's offsets when all of its answers, and those of the polls before, are acknowledged. So each record is
 * answered at least once. It goes on polling meanwhile, with some polls in flight. Its pool has the threads that a worker of
 * {@code fanfold run} is given: the cores, shared between two processes.
 */
final class HandWritten {
    private static final int PROCESSES = 2;
    private static final long BUFFER_BYTES = 32L << 20;
    private static final int MOST_IN_FLIGHT = 20;
    private static final Duration PATIENCE = Duration.ofMillis(100);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaProducer<byte[], byte[]> producer;
    private final String out;
    private final ExecutorService pool =
            Executors.newFixedThreadPool(Math.max(1, Runtime.getRuntime().availableProcessors() / PROCESSES));
    private final Deque<Polled> inFlight = new ArrayDeque<>();

    /**
     * The records of one poll.
     *
     * @param left one for each answer that is not acknowledged
     * @param next what to commit when there is none
     */
    private record Polled(CountDownLatch left, Map<TopicPartition, OffsetAndMetadata> next) {
        boolean done() {
            return left.getCount() == 0;
        }
    }

    private HandWritten(KafkaSettings kafka, String in, String out) {
        this.consumer = new KafkaConsumer<>(kafka.consumer("by-hand", in));
        this.producer = new KafkaProducer<>(kafka.producer("by-hand", BUFFER_BYTES));
        this.out = out;
        consumer.subscribe(Set.of(in), new Settling());
    }

    static Middle middle() {
        return new Middle("by-hand", HandWritten.class, List.of());
    }

    /**
     * Runs until the process that started it ends.
     *
     * @param args the broker, the topic to read and the topic to write
     */
    public static void main(String[] args) throws InterruptedException {
        Child.endWithParent();
        new HandWritten(KafkaSettings.at(args[0]), args[1], args[2]).run();
    }

    private void run() throws InterruptedException {
        while (true) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(PATIENCE);
            if (!records.isEmpty()) {
                start(records);
            }
            if (inFlight.size() > MOST_IN_FLIGHT) {
                inFlight.getFirst().left().await();
            }
            Map<TopicPartition, OffsetAndMetadata> done = done();
            if (!done.isEmpty()) {
                consumer.commitAsync(done, null);
            }
        }
    }

    private void start(ConsumerRecords<byte[], byte[]> records) {
        CountDownLatch left = new CountDownLatch(records.count());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            pool.execute(() -> answer(record, left));
        }
        inFlight.add(new Polled(left, records.nextOffsets()));
    }

    private void answer(ConsumerRecord<byte[], byte[]> record, CountDownLatch left) {
        byte[] answer = record.value();
        Future<?> _ = producer.send(
                new ProducerRecord<>(out, record.partition(), record.key(), answer),
                (_, failure) -> acknowledged(failure, left));
    }

    private static void acknowledged(@Nullable Exception failure, CountDownLatch left) {
        if (failure != null) {
            failure.printStackTrace();
            Runtime.getRuntime().halt(1); // a successor begins at the last commit
        }
        left.countDown();
    }

    /** Takes off the polls that are done, up to the first that is not. */
    private Map<TopicPartition, OffsetAndMetadata> done() {
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        while (!inFlight.isEmpty() && inFlight.getFirst().done()) {
            next.putAll(inFlight.removeFirst().next());
        }
        return next;
    }

    /** Finishes what is in flight before partitions go to somebody else. */
    private final class Settling implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            try {
                for (Polled polled : inFlight) {
                    polled.left().await();
                }
                consumer.commitSync(done());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            // each begins at its last commit
        }
    }
}
