package io.fanfold.aggregator.intake;

import io.fanfold.aggregator.catalog.Catalog;
import io.fanfold.aggregator.catalog.Jobs;
import io.fanfold.aggregator.catalog.Policy;
import io.fanfold.aggregator.store.Moments;
import io.fanfold.aggregator.store.Publisher;
import io.fanfold.aggregator.store.Spools;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.fold.Folds;
import io.fanfold.protocol.topics.Purge;
import io.fanfold.protocol.topics.TopicSetup;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Records;
import io.fanfold.protocol.wire.WireException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads outcomes and moves their jobs along. The committed offset of a partition never passes the first outcome of an
 * unfinished job, so that a successor with an empty disk finds all it needs in the topic. One thread.
 */
public final class Intake implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
    private static final Duration POLL = Duration.ofMillis(100);
    /** While a result is on its way to the store, whose job waits for its end to be said, records wait for that so long. */
    private static final Duration STORE = Duration.ofMillis(2);

    /** How long it may be before somebody is told of what has changed. */
    private static final Duration REPORT = Duration.ofMillis(50);

    private static final long HOUSEKEEPING_EVERY_NANOS = Duration.ofMillis(200).toNanos();
    private static final long SLOW_EVERY_NANOS = Duration.ofSeconds(2).toNanos();
    private static final long SWEEP_EVERY_NANOS = Duration.ofMinutes(5).toNanos();

    private final KafkaSettings kafka;
    private final Jobs jobs;
    private final Catalog catalog;
    private final Assembler assembler;
    private final Upkeep upkeep;
    private final Optional<Purge> purge;
    private final KafkaConsumer<byte[], ByteBuffer> consumer;
    private final KafkaClientMetrics metrics;
    private final MeterRegistry meters;
    private final Held held = new Held();
    private final Reaper reaper;
    private final Offsets offsets;

    private long reportedNanos = System.nanoTime();
    private long housekeptNanos = System.nanoTime();
    private long slowNanos = System.nanoTime();
    private long sweptNanos = System.nanoTime();
    private volatile long heartbeatNanos = System.nanoTime();
    private volatile boolean joined;
    private boolean leaving;

    /** @param parts what it works with; it closes none of them */
    public Intake(KafkaSettings kafka, String name, Parts parts, MeterRegistry meters) {
        this.kafka = kafka;
        this.jobs = parts.jobs();
        this.catalog = parts.catalog();
        this.meters = meters;
        Counted.fromZero(meters);
        this.assembler = new Assembler(parts, meters);
        Policy policy = parts.policy();
        this.reaper = new Reaper(
                jobs, assembler, policy.abandonAfter(), kafka.topics().outcomes());
        Rebuild rebuild = new Rebuild(kafka, name, parts.spools(), parts.publisher(), parts.folds());
        this.upkeep = new Upkeep(jobs, catalog, parts.publisher(), rebuild, policy, meters);
        this.purge = policy.purgeEvery()
                .map(every -> new Purge(kafka, name + "-purge", kafka.topics().aggregatorGroup(), every));
        Properties p = kafka.borrowingConsumer(name + "-intake", kafka.topics().aggregatorGroup());
        this.consumer = new KafkaConsumer<>(p);
        this.offsets = new Offsets(consumer, assembler.live(), parts.moments());
        this.metrics = new KafkaClientMetrics(consumer);
        metrics.bindTo(meters);
        consumer.subscribe(Set.of(kafka.topics().outcomes()), new Assignment());
    }

    /** What an intake works with. */
    public record Parts(
            Jobs jobs,
            Catalog catalog,
            Spools spools,
            Publisher publisher,
            Folds folds,
            Policy policy,
            Moments moments) {}

    /** One turn of the loop. */
    public void step() {
        heartbeatNanos = System.nanoTime();
        held.release(consumer, heartbeatNanos);
        ConsumerRecords<byte[], ByteBuffer> records = poll();
        for (TopicPartition partition : records.partitions()) {
            take(partition, records.records(partition), records.nextOffsets().get(partition));
        }
        assembler.settle(records.isEmpty() ? STORE : Duration.ZERO);
        joined = joined || consumer.groupMetadata().generationId() > 0;
        if (assembler.news() && System.nanoTime() - reportedNanos >= REPORT.toNanos()) {
            report();
        }
        if (System.nanoTime() - housekeptNanos > HOUSEKEEPING_EVERY_NANOS) {
            housekeptNanos = System.nanoTime();
            housekeep();
        }
    }

    private void report() {
        reportedNanos = System.nanoTime();
        assembler.report();
    }

    private ConsumerRecords<byte[], ByteBuffer> poll() {
        try {
            return consumer.poll(assembler.busy() ? Duration.ZERO : assembler.news() ? untilReport() : POLL);
        } catch (RebalanceInProgressException e) {
            return ConsumerRecords.empty();
        }
    }

    private Duration untilReport() {
        return Duration.ofNanos(Math.max(0, reportedNanos + REPORT.toNanos() - System.nanoTime()));
    }

    private void take(
            TopicPartition partition,
            List<ConsumerRecord<byte[], ByteBuffer>> records,
            @Nullable OffsetAndMetadata next) {
        for (ConsumerRecord<byte[], ByteBuffer> record : records) {
            if (!accept(record)) {
                held.hold(consumer, partition, record.offset(), System.nanoTime());
                offsets.read(partition, record.offset());
                return;
            }
        }
        if (next != null) {
            offsets.read(partition, next.offset());
        }
    }

    private boolean accept(ConsumerRecord<byte[], ByteBuffer> record) {
        try {
            return assembler.accept(Records.outcome(record), record.partition(), record.offset(), record.timestamp());
        } catch (WireException e) {
            meters.counter("fanfold.outcomes", "verdict", "malformed").increment();
            LOG.atWarn()
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .addKeyValue("reason", e.getMessage())
                    .log("record is not an outcome: passed over");
            return true;
        }
    }

    private void housekeep() {
        jobs.poll();
        reaper.cancel(this::owned);
        assembler.hearSeals();
        assembler.readAgain().forEach((partition, from) -> offsets.back(outcomes(partition), from));
        report();
        assembler.live().checkpoint(offsets.byNumber());
        offsets.commit();
        if (System.nanoTime() - slowNanos > SLOW_EVERY_NANOS) {
            slowNanos = System.nanoTime();
            reaper.look(this::read);
            upkeep.look(this::owned);
            purge();
        }
        if (System.nanoTime() - sweptNanos > SWEEP_EVERY_NANOS) {
            sweptNanos = System.nanoTime();
            assembler.live().sweep();
        }
    }

    private boolean owned(int partition) {
        return consumer.assignment().contains(outcomes(partition));
    }

    /** Whether all outcomes that there are in a partition of ours have been read. */
    private boolean read(int partition) {
        return owned(partition) && consumer.currentLag(outcomes(partition)).orElse(Long.MAX_VALUE) == 0;
    }

    private TopicPartition outcomes(int partition) {
        return new TopicPartition(kafka.topics().outcomes(), partition);
    }

    /** Gives the broker's disk back, as far as neither an unfinished job nor a result that could be rebuilt needs it. */
    private void purge() {
        Map<TopicPartition, Long> safe = new HashMap<>();
        offsets.committed().forEach((p, offset) -> safe.put(p, upkeep.neededFrom(p.partition(), offset)));
        purge.ifPresent(p -> p.upTo(safe));
    }

    /** When the loop last turned, in {@link System#nanoTime}. */
    public long heartbeatNanos() {
        return heartbeatNanos;
    }

    /** Whether the group has answered with an assignment. */
    public boolean joined() {
        return joined;
    }

    /** How many results of its partitions are in a store that it does not see. Any thread. */
    public int resultsElsewhere() {
        return upkeep.resultsElsewhere();
    }

    /** Commits what is safe, writes down what has grown, and leaves the group. */
    @Override
    public void close() {
        try {
            offsets.commitNow(consumer.assignment());
        } finally {
            assembler.leave(offsets.byNumber());
            upkeep.close();
            offsets.forget();
            leaving = true;
            metrics.close();
            purge.ifPresent(Purge::close);
            consumer.close(CloseOptions.timeout(Duration.ofSeconds(5)));
        }
    }

    /** Taking a partition over: fence first, then know what has been said, then read outcomes. */
    private final class Assignment implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            partitions.forEach(p -> catalog.own(p.partition()));
            jobs.catchUp();
            if (!partitions.isEmpty()) {
                String topic = topicId();
                offsets.begins(Set.copyOf(partitions), p -> reaper.torn(p.partition()))
                        .forEach((p, from) -> {
                            long on = assembler.live().restore(p.partition(), topic, from);
                            if (on > from) {
                                consumer.seek(p, on);
                            }
                        });
            }
            assembler.live().sweep();
            LOG.atInfo().addKeyValue("partitions", consumer.assignment().size()).log("assignment changed");
        }

        /** Empty where the broker does not say it now: checkpoints are not taken up then. */
        private String topicId() {
            try (TopicSetup topics = new TopicSetup(kafka)) {
                return topics.id(kafka.topics().outcomes());
            } catch (FanfoldException e) {
                LOG.atWarn().addKeyValue("error", e.getMessage()).log("the id of the outcomes topic is not known");
                return "";
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            if (!leaving) {
                offsets.commitNow(partitions);
            }
            onPartitionsLost(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            for (TopicPartition p : partitions) {
                offsets.forget(p);
                held.forget(p);
                reaper.forget(p.partition());
                if (!leaving) {
                    assembler.forget(p.partition());
                }
                catalog.disown(p.partition());
            }
            purge.ifPresent(p -> p.forget(partitions));
        }
    }
}
