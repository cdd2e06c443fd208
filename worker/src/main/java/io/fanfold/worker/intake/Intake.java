package io.fanfold.worker.intake;

import io.fanfold.protocol.topics.Purge;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.worker.intake.Inheritance.Estate;
import io.fanfold.worker.lane.Lane;
import io.fanfold.worker.lane.Lanes;
import io.fanfold.worker.lane.Workshop;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the consumer of one worker. {@link #step} polls, hands records to their lanes, opens the lanes of new partitions, pauses
 * lanes that are full and resumes those that are not, and commits. It never waits for a chunk nor for an answer of the broker:
 * lanes that are full or not open yet are paused and the poll goes on, so a chunk may take hours without a rebalance.
 *
 * <p>One thread; {@link #heartbeatNanos} and {@link #joined} are for any.
 */
public final class Intake implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
    private static final Duration POLL = Duration.ofMillis(100);
    /** How often a full lane is looked at again. */
    private static final long WHILE_PAUSED_NANOS = Duration.ofMillis(2).toNanos();
    /** While chunks wait for the acknowledgement of a commit, which only a poll brings. */
    private static final Duration POLL_WHILE_COMMITTING = Duration.ofMillis(1);

    private static final long COMMIT_EVERY_NANOS = Duration.ofMillis(200).toNanos();

    private final IntakeSettings settings;
    private final Workshop workshop;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaClientMetrics metrics;
    private final Inheritance inheritance;
    private final Optional<Purge> purge;
    private final PauseClock pauses;
    private final Counter rebalances;
    private final Counter lost;
    private final Lanes lanes;
    private final Map<TopicPartition, CompletableFuture<Map<TopicPartition, Estate>>> opening = new HashMap<>();
    private boolean committing;
    private long lastCommitNanos = System.nanoTime();
    private volatile long heartbeatNanos = System.nanoTime();
    private volatile boolean joined;

    /** @param lanes empty; this fills it */
    public Intake(KafkaSettings kafka, IntakeSettings settings, Lanes lanes, Workshop workshop, MeterRegistry meters) {
        this.settings = settings;
        this.lanes = lanes;
        this.workshop = workshop;
        String topic = kafka.topics().chunks(settings.pool());
        String group = kafka.topics().workerGroup(settings.pool());
        this.consumer = new KafkaConsumer<>(kafka.consumer(settings.worker() + "-intake", group));
        this.inheritance = new Inheritance(kafka, settings.worker() + "-inheritance", topic, group);
        this.purge = settings.purgeEvery().map(every -> new Purge(kafka, settings.worker() + "-purge", group, every));
        this.metrics = new KafkaClientMetrics(consumer);
        metrics.bindTo(meters);
        this.pauses = new PauseClock(meters);
        this.rebalances = meters.counter("fanfold.rebalances");
        this.lost = meters.counter("fanfold.chunks.lost");
        meters.gauge("fanfold.lanes", Tags.of("pool", settings.pool()), lanes, Lanes::size);
        consumer.subscribe(Set.of(topic), new Assignment());
    }

    /** One turn of the loop. */
    public void step() {
        heartbeatNanos = System.nanoTime();
        ConsumerRecords<byte[], byte[]> records = poll();
        for (TopicPartition partition : records.partitions()) {
            lanes.find(partition).ifPresent(lane -> lane.offer(records.records(partition)));
        }
        joined = joined || consumer.groupMetadata().generationId() > 0;
        open();
        lanes.pump(); // the limit of a job is all lanes' own: whoever ends a call need not have another to start
        balance();
        commitWhenDue();
    }

    private void commitWhenDue() {
        boolean needed = lanes.needMark();
        if (!committing && (needed || System.nanoTime() - lastCommitNanos > COMMIT_EVERY_NANOS)) {
            commit();
        }
    }

    /** With paused partitions a poll would not wait: it turns round what was fetched for those. */
    private ConsumerRecords<byte[], byte[]> poll() {
        boolean paused = !consumer.paused().isEmpty();
        ConsumerRecords<byte[], byte[]> records = poll(paused ? Duration.ZERO : patience());
        if (paused && records.isEmpty()) {
            LockSupport.parkNanos(WHILE_PAUSED_NANOS);
        }
        return records;
    }

    private ConsumerRecords<byte[], byte[]> poll(Duration patience) {
        try {
            return consumer.poll(patience);
        } catch (RebalanceInProgressException e) {
            LOG.info("rebalance in progress: polling on");
            return ConsumerRecords.empty();
        }
    }

    private Duration patience() {
        return committing && lanes.needMark() ? POLL_WHILE_COMMITTING : POLL;
    }

    /** Opens the lanes of new partitions whose former owners' marks have come. */
    private void open() {
        for (TopicPartition p : List.copyOf(opening.keySet())) {
            CompletableFuture<Map<TopicPartition, Estate>> asked = java.util.Objects.requireNonNull(opening.get(p));
            if (asked.isCompletedExceptionally()) {
                LOG.atWarn()
                        .addKeyValue("partition", p)
                        .addKeyValue("error", String.valueOf(asked.exceptionNow()))
                        .log("the broker does not say what was committed: asked again");
                opening.put(p, inheritance.of(Set.of(p)));
            } else if (asked.isDone()) {
                opening.remove(p);
                open(p, java.util.Objects.requireNonNull(asked.join().get(p)));
            }
        }
    }

    private void open(TopicPartition p, Estate estate) {
        if (estate.lost() > 0) {
            lost.increment((double) estate.lost());
            LOG.atError()
                    .addKeyValue("partition", p)
                    .addKeyValue("offsets", estate.lost())
                    .log("records were deleted that nobody had worked: the jobs whose chunks they were cannot"
                            + " complete");
        }
        consumer.seek(p, estate.offset()); // a former owner's last commit may be younger than what this client knows
        lanes.put(
                p,
                new Lane(
                        workshop,
                        p.partition(),
                        estate.topicId(),
                        estate.offset(),
                        estate.metadata(),
                        estate.logEnd()));
        pauses.opened(p);
        resize();
    }

    private void balance() {
        Set<TopicPartition> paused = consumer.paused();
        List<TopicPartition> pause = new ArrayList<>();
        List<TopicPartition> resume = new ArrayList<>();
        lanes.forEach((p, lane) -> {
            if (!paused.contains(p) && full(lane, 1)) {
                pause.add(p);
            } else if (paused.contains(p) && !full(lane, 2)) {
                resume.add(p);
            }
        });
        consumer.pause(pause);
        consumer.resume(resume);
        pauses.now(consumer.paused());
    }

    /** Whether a lane holds more than a share of its budget. */
    private boolean full(Lane lane, int share) {
        return lane.heldBytes() >= settings.budgetBytes() / Math.max(1, lanes.size()) / share;
    }

    private void commit() {
        lastCommitNanos = System.nanoTime();
        Map<Lane, Lane.Mark> marks = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        lanes.forEach((p, lane) -> lane.mark().ifPresent(mark -> {
            marks.put(lane, mark);
            offsets.put(p, offset(mark));
        }));
        if (offsets.isEmpty()) {
            return;
        }
        committing = true;
        consumer.commitAsync(offsets, (_, e) -> {
            committing = false;
            if (e == null) {
                marks.forEach(Lane::committed);
                purge.ifPresent(p -> p.upTo(owned(offsets)));
            } else {
                LOG.atInfo().addKeyValue("error", e.toString()).log("commit failed: it is tried again");
                if (e instanceof OffsetMetadataTooLarge) {
                    workshop.shortenMarks();
                }
            }
        });
    }

    /** What of these commits is of lanes that are still this worker's. */
    private Map<TopicPartition, Long> owned(Map<TopicPartition, OffsetAndMetadata> commits) {
        return commits.entrySet().stream()
                .filter(e -> lanes.find(e.getKey()).isPresent())
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().offset()));
    }

    private static OffsetAndMetadata offset(Lane.Mark mark) {
        return new OffsetAndMetadata(mark.offset(), mark.text());
    }

    /** The marks with which lanes go to another owner. */
    private void handOver(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (TopicPartition p : partitions) {
            lanes.find(p).ifPresent(lane -> offsets.put(p, offset(lane.handOver())));
        }
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

    /**
     * Takes nothing more in, and polls and commits on until what runs is done and acknowledged, at most until
     * {@code deadlineNanos}.
     */
    public void drain(long deadlineNanos) {
        lanes.forEach((_, lane) -> lane.close());
        while ((lanes.running() > 0 || workshop.sending() > 0) && System.nanoTime() < deadlineNanos) {
            heartbeatNanos = System.nanoTime();
            consumer.pause(consumer.assignment());
            poll();
            commitWhenDue();
        }
        lanes.forEach((_, lane) -> lane.stop());
    }

    /** Commits what is done and leaves the group. */
    @Override
    public void close() {
        try {
            handOver(lanes.partitions());
        } finally {
            purge.ifPresent(Purge::close);
            metrics.close();
            inheritance.close();
            consumer.close(CloseOptions.timeout(Duration.ofSeconds(5)));
        }
    }

    private void resize() {
        lanes.share(settings.threads(), settings.processes());
    }

    /** Callbacks run inside poll: they commit what is done and return at once. */
    private final class Assignment implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            rebalances.increment();
            if (!partitions.isEmpty()) {
                consumer.pause(partitions);
                CompletableFuture<Map<TopicPartition, Estate>> asked = inheritance.of(partitions);
                partitions.forEach(p -> opening.put(p, asked));
            }
            log("assigned", partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            log("revoked", partitions); // before the commit, which may take its time
            try {
                handOver(partitions);
            } finally {
                drop(partitions);
            }
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            drop(partitions);
            log("lost", partitions);
        }

        private void drop(Collection<TopicPartition> partitions) {
            purge.ifPresent(p -> p.forget(partitions));
            for (TopicPartition p : partitions) {
                opening.remove(p);
                lanes.remove(p).ifPresent(Lane::close);
            }
            resize();
        }

        private void log(String what, Collection<TopicPartition> partitions) {
            LOG.atInfo()
                    .addKeyValue(
                            what,
                            partitions.stream()
                                    .map(TopicPartition::partition)
                                    .sorted()
                                    .toList())
                    .addKeyValue("lanes", lanes.size() + opening.size())
                    .log("assignment changed");
        }
    }
}
