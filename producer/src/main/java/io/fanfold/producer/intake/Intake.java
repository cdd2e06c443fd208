package io.fanfold.producer.intake;

import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.topics.Purge;
import io.fanfold.protocol.wire.KafkaSettings;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the consumer of the submissions. {@link #step} polls, hands each submission to a thread of its own, pauses where too many are
 * open, and commits up to the first that is not done; a giant one holds up the commit, not those behind it. It never waits for a
 * submission.
 *
 * <p>One thread; {@link #open} and {@link #joined} are for any.
 */
final class Intake implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
    /** How many are written at once. */
    private static final int THREADS = 32;
    /** How many may be open, those that wait among them. */
    private static final int MOST_OPEN = 512;

    private static final long MOST_BYTES = Runtime.getRuntime().maxMemory() / 16;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long WHILE_PAUSED_NANOS = Duration.ofMillis(5).toNanos();
    private static final long COMMIT_EVERY_NANOS = Duration.ofMillis(200).toNanos();
    private static final long AGAIN_AFTER_MS = 500;

    private final Desk desk;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Optional<Purge> purge;
    private final ScheduledThreadPoolExecutor threads = new ScheduledThreadPoolExecutor(
            THREADS, Thread.ofPlatform().name("submission-", 0).daemon().factory());
    private final Map<TopicPartition, Line> lines = new HashMap<>();
    private final Map<TopicPartition, Long> committed = new HashMap<>();
    private boolean committing;
    private long lastCommitNanos = System.nanoTime();
    private volatile int open;
    private volatile boolean joined;

    Intake(KafkaSettings kafka, String name, Optional<Duration> purgeEvery, Desk desk) {
        this.desk = desk;
        String group = kafka.topics().producerGroup();
        this.consumer = new KafkaConsumer<>(kafka.consumer(name + "-submissions", group));
        this.purge = purgeEvery.map(every -> new Purge(kafka, name + "-purge", group, every));
        consumer.subscribe(Set.of(kafka.topics().submissions()), new Assignment());
    }

    /** One turn of the loop. */
    void step() {
        for (ConsumerRecord<byte[], byte[]> record : poll()) {
            Line line = lines.computeIfAbsent(new TopicPartition(record.topic(), record.partition()), _ -> new Line());
            line.take(record.offset(), Math.max(0, record.serializedValueSize()));
            Arrival arrival = new Arrival(record, line, System.nanoTime());
            Future<?> _ = threads.submit(() -> take(arrival));
        }
        joined = joined || consumer.groupMetadata().generationId() > 0;
        balance();
        if (!committing && System.nanoTime() - lastCommitNanos > COMMIT_EVERY_NANOS) {
            commit();
        }
    }

    /** A submission that is not done. */
    private record Arrival(ConsumerRecord<byte[], byte[]> record, Line line, long nanos) {
        Duration waited() {
            return Duration.ofNanos(System.nanoTime() - nanos);
        }
    }

    /** Any thread. */
    private void take(Arrival arrival) {
        if (arrival.line().stopped()) {
            return;
        }
        boolean done = false;
        try {
            done = desk.take(
                    arrival.record(), arrival.waited(), () -> !arrival.line().stopped());
        } catch (FanfoldException | KafkaException | UncheckedIOException e) {
            if (!arrival.line().stopped()) {
                LOG.atWarn()
                        .addKeyValue("partition", arrival.record().partition())
                        .addKeyValue("offset", arrival.record().offset())
                        .addKeyValue("reason", e.toString())
                        .log("a submission waits: it is tried again");
            }
        } catch (Error e) {
            LOG.error("a submission cannot be taken: it stays open", e);
            throw e;
        }
        if (done) {
            arrival.line().done(arrival.record().offset());
        } else if (!threads.isShutdown()) {
            Future<?> _ = threads.schedule(() -> take(arrival), AGAIN_AFTER_MS, TimeUnit.MILLISECONDS);
        }
    }

    /** With paused partitions a poll would not wait: it turns round what was fetched for those. */
    private ConsumerRecords<byte[], byte[]> poll() {
        boolean paused = !consumer.paused().isEmpty();
        if (paused) {
            LockSupport.parkNanos(WHILE_PAUSED_NANOS);
        }
        try {
            return consumer.poll(paused ? Duration.ZERO : POLL);
        } catch (RebalanceInProgressException e) {
            LOG.info("rebalance in progress: polling on");
            return ConsumerRecords.empty();
        }
    }

    private void balance() {
        open = lines.values().stream().mapToInt(Line::open).sum();
        long bytes = lines.values().stream().mapToLong(Line::bytes).sum();
        if (open >= MOST_OPEN || bytes >= MOST_BYTES) {
            consumer.pause(consumer.assignment());
        } else if (open <= MOST_OPEN / 2 && bytes <= MOST_BYTES / 2) {
            consumer.resume(consumer.paused());
        }
    }

    private void commit() {
        lastCommitNanos = System.nanoTime();
        Map<TopicPartition, OffsetAndMetadata> offsets = news(lines.keySet());
        if (offsets.isEmpty()) {
            return;
        }
        committing = true;
        consumer.commitAsync(offsets, (_, e) -> {
            committing = false;
            if (e == null) {
                committed(offsets);
            } else {
                LOG.atInfo().addKeyValue("error", e.toString()).log("commit failed: it is tried again");
            }
        });
    }

    /** What can be committed of partitions and is not. */
    private Map<TopicPartition, OffsetAndMetadata> news(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (TopicPartition p : partitions) {
            Optional.ofNullable(lines.get(p))
                    .map(Line::safe)
                    .ifPresent(safe -> safe.ifPresent(offset -> {
                        if (!Long.valueOf(offset).equals(committed.get(p))) {
                            offsets.put(p, new OffsetAndMetadata(offset));
                        }
                    }));
        }
        return offsets;
    }

    private void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
        Map<TopicPartition, Long> safe = new HashMap<>();
        offsets.forEach((p, offset) -> {
            if (lines.containsKey(p)) {
                safe.put(p, offset.offset());
            }
        });
        committed.putAll(safe);
        purge.ifPresent(p -> p.upTo(safe));
    }

    /** Commits what is done of partitions that go to another owner. */
    private void handOver(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = news(partitions);
        if (!offsets.isEmpty()) {
            try {
                consumer.commitSync(offsets, Duration.ofSeconds(5));
            } catch (KafkaException e) {
                LOG.atInfo().addKeyValue("error", e.toString()).log("commit failed: a successor takes these again");
            }
        }
    }

    /** How many submissions are not done. */
    int open() {
        return open;
    }

    /** Whether the group has answered with an assignment. */
    boolean joined() {
        return joined;
    }

    /** Stops what is being written at its next chunk, commits what is done and leaves the group. */
    @Override
    public void close() {
        lines.values().forEach(Line::stop);
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.warn("some submissions did not stop in time: a successor goes on with them");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            handOver(lines.keySet());
        } finally {
            purge.ifPresent(Purge::close);
            consumer.close(CloseOptions.timeout(Duration.ofSeconds(5)));
        }
    }

    /** Callbacks run inside poll: they commit what is done and return at once. */
    private final class Assignment implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            LOG.atInfo().addKeyValue("assigned", numbers(partitions)).log("submissions: assignment changed");
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            LOG.atInfo().addKeyValue("revoked", numbers(partitions)).log("submissions: assignment changed");
            try {
                handOver(partitions);
            } finally {
                drop(partitions);
            }
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            LOG.atInfo().addKeyValue("lost", numbers(partitions)).log("submissions: assignment changed");
            drop(partitions);
        }

        private void drop(Collection<TopicPartition> partitions) {
            purge.ifPresent(p -> p.forget(partitions));
            for (TopicPartition p : partitions) {
                committed.remove(p);
                Optional.ofNullable(lines.remove(p)).ifPresent(Line::stop);
            }
        }

        private static java.util.List<Integer> numbers(Collection<TopicPartition> partitions) {
            return partitions.stream().map(TopicPartition::partition).sorted().toList();
        }
    }
}
