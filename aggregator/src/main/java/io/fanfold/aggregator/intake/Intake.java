package io.fanfold.aggregator.intake;

import io.fanfold.aggregator.catalog.Catalog;
import io.fanfold.aggregator.catalog.Jobs;
import io.fanfold.aggregator.store.DirectoryStore;
import io.fanfold.protocol.wire.Cancel;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Records;
import io.fanfold.protocol.wire.WireException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
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
 * Reads outcomes and moves their jobs along. The committed offset of a partition never passes the first outcome of an
 * unfinished job, so that a successor with an empty disk finds all it needs in the topic. One thread.
 */
public final class Intake implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long HOUSEKEEPING_EVERY_NANOS = Duration.ofMillis(200).toNanos();

    private final Jobs jobs;
    private final Catalog catalog;
    private final Assembler assembler;
    private final KafkaConsumer<byte[], ByteBuffer> consumer;
    private final KafkaClientMetrics metrics;
    private final MeterRegistry meters;
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private final Map<TopicPartition, Long> committed = new HashMap<>();
    private long housekeptNanos = System.nanoTime();
    private volatile long heartbeatNanos = System.nanoTime();
    private volatile boolean joined;

    public Intake(
            KafkaSettings kafka, String name, Jobs jobs, Catalog catalog, DirectoryStore store, MeterRegistry meters) {
        this.jobs = jobs;
        this.catalog = catalog;
        this.meters = meters;
        this.assembler = new Assembler(jobs, catalog, store, meters);
        Properties p = kafka.borrowingConsumer(name + "-intake", kafka.topics().aggregatorGroup());
        p.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, 3_600_000); // publishing a giant result happens between polls
        this.consumer = new KafkaConsumer<>(p);
        this.metrics = new KafkaClientMetrics(consumer);
        metrics.bindTo(meters);
        consumer.subscribe(Set.of(kafka.topics().outcomes()), new Assignment());
    }

    /** One turn of the loop. */
    public void step() {
        heartbeatNanos = System.nanoTime();
        ConsumerRecords<byte[], ByteBuffer> records = poll();
        for (ConsumerRecord<byte[], ByteBuffer> record : records) {
            accept(record);
        }
        records.nextOffsets().forEach((p, next) -> positions.put(p, next.offset()));
        joined = joined || consumer.groupMetadata().generationId() > 0;
        if (System.nanoTime() - housekeptNanos > HOUSEKEEPING_EVERY_NANOS) {
            housekeptNanos = System.nanoTime();
            housekeep();
        }
    }

    private ConsumerRecords<byte[], ByteBuffer> poll() {
        try {
            return consumer.poll(POLL);
        } catch (RebalanceInProgressException e) {
            return ConsumerRecords.empty();
        }
    }

    private void accept(ConsumerRecord<byte[], ByteBuffer> record) {
        try {
            assembler.accept(Records.outcome(record), record.partition(), record.offset());
        } catch (WireException e) {
            meters.counter("fanfold.outcomes", "verdict", "malformed").increment();
            LOG.atWarn()
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .addKeyValue("reason", e.getMessage())
                    .log("record is not an outcome: passed over");
        }
    }

    private void housekeep() {
        for (Cancel request : jobs.cancels()) {
            assembler.cancel(request, p -> consumer.assignment().stream().anyMatch(own -> own.partition() == p));
        }
        assembler.report();
        Map<TopicPartition, OffsetAndMetadata> due = due();
        if (!due.isEmpty()) {
            consumer.commitAsync(due, (done, e) -> {
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
        positions.forEach((p, position) -> {
            long safe = assembler.safeOffset(p.partition(), position);
            if (safe > committed.getOrDefault(p, -1L)) {
                due.put(p, new OffsetAndMetadata(safe));
            }
        });
        return due;
    }

    /** When the loop last turned, in {@link System#nanoTime}. */
    public long heartbeatNanos() {
        return heartbeatNanos;
    }

    /** Whether the group has answered with an assignment. */
    public boolean joined() {
        return joined;
    }

    /** Commits what is safe and leaves the group. */
    @Override
    public void close() {
        try {
            commitNow(due());
        } finally {
            metrics.close();
            consumer.close(CloseOptions.timeout(Duration.ofSeconds(5)));
        }
    }

    private void commitNow(Map<TopicPartition, OffsetAndMetadata> offsets) {
        if (!offsets.isEmpty()) {
            try {
                consumer.commitSync(offsets, Duration.ofSeconds(5));
            } catch (KafkaException e) {
                LOG.atInfo().addKeyValue("error", e.toString()).log("commit failed: a successor reads these again");
            }
        }
    }

    /** Taking a partition over: fence first, then know what has been said, then read outcomes. */
    private final class Assignment implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            partitions.forEach(p -> catalog.own(p.partition()));
            jobs.catchUp();
            LOG.atInfo().addKeyValue("partitions", consumer.assignment().size()).log("assignment changed");
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            Map<TopicPartition, OffsetAndMetadata> due = due();
            due.keySet().retainAll(partitions);
            commitNow(due);
            onPartitionsLost(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            for (TopicPartition p : partitions) {
                positions.remove(p);
                committed.remove(p);
                assembler.forget(p.partition());
                catalog.disown(p.partition());
            }
        }
    }
}
