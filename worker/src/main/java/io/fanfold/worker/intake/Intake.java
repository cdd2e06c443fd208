package io.fanfold.worker.intake;

import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.worker.lane.Lane;
import io.fanfold.worker.lane.ThreadsExecution;
import io.fanfold.worker.lane.Workshop;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
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
 * Owns the consumer of one worker. {@link #step} polls, hands records to their lanes, pauses the lanes that are full and
 * resumes those that are not, and commits what is done. It never waits for a chunk: full lanes are paused and the poll goes on,
 * so a chunk may take hours without a rebalance. One thread; {@link #heartbeatNanos} and {@link #lanes} may be read from any.
 */
public final class Intake implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
    private static final Duration POLL = Duration.ofMillis(100);
    /** How often a full lane is looked at again. */
    private static final Duration POLL_WHILE_PAUSED = Duration.ofMillis(5);

    private static final long COMMIT_EVERY_NANOS = Duration.ofMillis(500).toNanos();
    private static final int MAX_CHUNKS_WAITING = 2000;

    private final String topic;
    private final Workshop workshop;
    private final int threads;
    private final long budgetBytes;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaClientMetrics metrics;
    private final Map<TopicPartition, Lane> lanes = new java.util.concurrent.ConcurrentHashMap<>();
    private final Map<TopicPartition, Long> committed = new HashMap<>();
    private long lastCommitNanos = System.nanoTime();
    private volatile long heartbeatNanos = System.nanoTime();
    private volatile boolean joined;

    /**
     * @param threads how many chunks this worker computes at once, shared by its lanes
     * @param budgetBytes how many bytes of chunks may wait, shared by its lanes
     */
    public Intake(
            KafkaSettings kafka,
            String worker,
            String pool,
            Workshop workshop,
            int threads,
            long budgetBytes,
            MeterRegistry meters) {
        this.topic = kafka.topics().chunks(pool);
        this.workshop = workshop;
        this.threads = threads;
        this.budgetBytes = budgetBytes;
        this.consumer = new KafkaConsumer<>(
                kafka.consumer(worker + "-intake", kafka.topics().workerGroup(pool)));
        this.metrics = new KafkaClientMetrics(consumer);
        metrics.bindTo(meters);
        meters.gaugeMapSize("fanfold.lanes", List.of(), lanes);
        consumer.subscribe(Set.of(topic), new Assignment());
    }

    /** One turn of the loop. */
    public void step() {
        heartbeatNanos = System.nanoTime();
        ConsumerRecords<byte[], byte[]> records = poll();
        for (TopicPartition partition : records.partitions()) {
            Lane lane = lanes.get(partition);
            if (lane != null) {
                List<ConsumerRecord<byte[], byte[]>> batch = records.records(partition);
                lane.offer(batch);
            }
        }
        joined = joined || consumer.groupMetadata().generationId() > 0;
        balance();
        if (System.nanoTime() - lastCommitNanos > COMMIT_EVERY_NANOS) {
            commit();
        }
    }

    private ConsumerRecords<byte[], byte[]> poll() {
        try {
            return consumer.poll(consumer.paused().isEmpty() ? POLL : POLL_WHILE_PAUSED);
        } catch (RebalanceInProgressException e) {
            LOG.info("rebalance in progress: polling on");
            return ConsumerRecords.empty();
        }
    }

    private void balance() {
        Set<TopicPartition> paused = consumer.paused();
        consumer.pause(partitions(lane -> full(lane, 1)).stream()
                .filter(p -> !paused.contains(p))
                .toList());
        consumer.resume(partitions(lane -> !full(lane, 2)).stream()
                .filter(paused::contains)
                .toList());
    }

    private Set<TopicPartition> partitions(Predicate<Lane> which) {
        return lanes.entrySet().stream()
                .filter(e -> which.test(e.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** Whether a lane has more than a share of its budget waiting. */
    private boolean full(Lane lane, int share) {
        return lane.waitingBytes() >= budgetBytes / Math.max(1, lanes.size()) / share
                || lane.waiting() >= MAX_CHUNKS_WAITING / share;
    }

    private void commit() {
        lastCommitNanos = System.nanoTime();
        Map<TopicPartition, OffsetAndMetadata> offsets = due();
        if (!offsets.isEmpty()) {
            consumer.commitAsync(offsets, (done, e) -> {
                if (e == null) {
                    done.forEach((p, o) -> committed.merge(p, o.offset(), Math::max));
                } else {
                    LOG.atInfo().addKeyValue("error", e.toString()).log("commit failed: it is tried again");
                }
            });
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> due() {
        Map<TopicPartition, OffsetAndMetadata> due = new HashMap<>();
        lanes.forEach((partition, lane) -> {
            long offset = lane.committable();
            if (offset > committed.getOrDefault(partition, -1L)) {
                due.put(partition, new OffsetAndMetadata(offset));
            }
        });
        return due;
    }

    private void commitNow(Map<TopicPartition, OffsetAndMetadata> offsets) {
        if (!offsets.isEmpty()) {
            try {
                consumer.commitSync(offsets, Duration.ofSeconds(5));
            } catch (KafkaException e) {
                LOG.atInfo().addKeyValue("error", e.toString()).log("commit failed: a successor computes these again");
            }
        }
    }

    /** When the loop last turned, in {@link System#nanoTime}. */
    public long heartbeatNanos() {
        return heartbeatNanos;
    }

    /** Whether the group has answered with an assignment. */
    public boolean joined() {
        return joined;
    }

    public int lanes() {
        return lanes.size();
    }

    /** Takes nothing more in and polls on until what runs is done and acknowledged, at most until {@code deadlineNanos}. */
    public void drain(long deadlineNanos) {
        lanes.values().forEach(Lane::close);
        while ((running() > 0 || workshop.sending() > 0) && System.nanoTime() < deadlineNanos) {
            consumer.pause(consumer.assignment());
            poll();
        }
        lanes.values().forEach(Lane::interrupt);
    }

    private int running() {
        return lanes.values().stream().mapToInt(Lane::running).sum();
    }

    /** Commits what is done and leaves the group. */
    @Override
    public void close() {
        try {
            commitNow(due());
        } finally {
            metrics.close();
            consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(5)));
        }
    }

    /** Callbacks run inside poll: they commit what is done and return at once. */
    private final class Assignment implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            for (TopicPartition p : partitions) {
                String name = "lane-" + p.partition();
                lanes.put(p, new Lane(workshop, new ThreadsExecution(name, share(lanes.size() + 1))));
            }
            resize();
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            Map<TopicPartition, OffsetAndMetadata> due = due();
            due.keySet().retainAll(partitions);
            try {
                commitNow(due);
            } finally {
                onPartitionsLost(partitions);
            }
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            for (TopicPartition p : partitions) {
                Lane lane = lanes.remove(p);
                committed.remove(p);
                if (lane != null) {
                    lane.close();
                }
            }
            resize();
        }

        private void resize() {
            lanes.values().forEach(lane -> lane.resize(share(lanes.size())));
            LOG.atInfo()
                    .addKeyValue("topic", topic)
                    .addKeyValue("lanes", lanes.size())
                    .log("assignment changed");
        }

        private int share(int of) {
            return Math.max(1, (threads + of - 1) / of);
        }
    }
}
