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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads outcomes and moves their jobs along. The committed offset of a partition never passes the first outcome of an
 * unfinished job, so that a successor with an empty disk finds all it needs in the topic. One thread.
 */
public final class Intake implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
    /** How often a question is asked that the broker does not answer in a minute. */
    private static final int ATTEMPTS = 4;

    private static final Duration POLL = Duration.ofMillis(100);
    /** While a result is on its way to the store, whose job waits for its end to be said, records wait for that so long. */
    private static final Duration STORE = Duration.ofMillis(2);

    private static final long HOUSEKEEPING_EVERY_NANOS = Duration.ofMillis(200).toNanos();
    private static final long SLOW_EVERY_NANOS = Duration.ofSeconds(2).toNanos();
    private static final long SWEEP_EVERY_NANOS = Duration.ofMinutes(5).toNanos();

    private final KafkaSettings kafka;
    private final Jobs jobs;
    private final Catalog catalog;
    private final Assembler assembler;
    private final Upkeep upkeep;
    private final Optional<Purge> purge;
    private final Policy policy;
    private final Moments moments;
    private final KafkaConsumer<byte[], ByteBuffer> consumer;
    private final KafkaClientMetrics metrics;
    private final MeterRegistry meters;
    private final Held held = new Held();
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private final Map<TopicPartition, Long> committed = new HashMap<>();
    /** Partitions whose log begins above what was committed: somebody has deleted outcomes that were needed. */
    private final Set<Integer> torn = new HashSet<>();

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
        this.policy = parts.policy();
        this.moments = parts.moments();
        this.meters = meters;
        this.assembler = new Assembler(parts, meters);
        Rebuild rebuild = new Rebuild(kafka, name, parts.spools(), parts.publisher(), parts.folds());
        this.upkeep = new Upkeep(jobs, catalog, parts.publisher(), rebuild, policy, meters);
        this.purge = policy.purgeEvery()
                .map(every -> new Purge(kafka, name + "-purge", kafka.topics().aggregatorGroup(), every));
        Properties p = kafka.borrowingConsumer(name + "-intake", kafka.topics().aggregatorGroup());
        this.consumer = new KafkaConsumer<>(p);
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
        if (System.nanoTime() - housekeptNanos > HOUSEKEEPING_EVERY_NANOS) {
            housekeptNanos = System.nanoTime();
            housekeep();
        }
    }

    private ConsumerRecords<byte[], ByteBuffer> poll() {
        try {
            return consumer.poll(assembler.busy() ? Duration.ZERO : POLL);
        } catch (RebalanceInProgressException e) {
            return ConsumerRecords.empty();
        }
    }

    private void take(
            TopicPartition partition,
            List<ConsumerRecord<byte[], ByteBuffer>> records,
            @Nullable OffsetAndMetadata next) {
        for (ConsumerRecord<byte[], ByteBuffer> record : records) {
            if (!accept(record)) {
                held.hold(consumer, partition, record.offset(), System.nanoTime());
                positions.put(partition, record.offset());
                return;
            }
        }
        if (next != null) {
            positions.put(partition, next.offset());
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
        for (Cancel request : jobs.cancels()) {
            assembler.cancel(request, this::owned);
        }
        assembler.report();
        assembler.checkpoint(byNumber());
        commit();
        if (System.nanoTime() - slowNanos > SLOW_EVERY_NANOS) {
            slowNanos = System.nanoTime();
            expire();
            mourn();
            upkeep.look(this::owned);
            purge();
        }
        if (System.nanoTime() - sweptNanos > SWEEP_EVERY_NANOS) {
            sweptNanos = System.nanoTime();
            assembler.sweep();
        }
    }

    private boolean owned(int partition) {
        return consumer.assignment().contains(outcomes(partition));
    }

    private TopicPartition outcomes(int partition) {
        return new TopicPartition(kafka.topics().outcomes(), partition);
    }

    private Map<Integer, Long> byNumber() {
        Map<Integer, Long> byNumber = new HashMap<>();
        positions.forEach((p, position) -> byNumber.put(p.partition(), position));
        return byNumber;
    }

    private void commit() {
        Map<TopicPartition, OffsetAndMetadata> due = due();
        if (!due.isEmpty()) {
            consumer.commitAsync(due, (done, e) -> {
                if (e == null) {
                    moments.reached(Moments.Moment.COMMITTED);
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

    /**
     * Ends the jobs whose chunks never all came: not sealed, and silent for long. Only where all outcomes that there are have been
     * read: what has not been read may be of that job.
     */
    private void expire() {
        long now = System.currentTimeMillis();
        for (Jobs.Open job : List.copyOf(jobs.open())) {
            int partition = job.spec().header().outcomesPartition();
            if (job.sealed() || !owned(partition) || lag(partition) != 0) {
                continue;
            }
            long heard = Math.max(job.millis(), assembler.lastMillis(job.spec().job()));
            if (now - heard > policy.abandonAfter().toMillis()) {
                assembler.expire(
                        job.spec(),
                        "its chunks were never all sent, and nothing was heard of it for "
                                + policy.abandonAfter().toSeconds()
                                + " s: whoever submitted it is gone; submit it again");
            }
        }
    }

    /** Ends the jobs of which fewer outcomes are there than were there once: the others will not come again. */
    private void mourn() {
        for (int partition : List.copyOf(torn)) {
            if (!owned(partition) || lag(partition) != 0) {
                continue;
            }
            torn.remove(partition);
            for (Jobs.Open job : List.copyOf(jobs.open())) {
                long said = jobs.saidDone(job.spec().job());
                long done = assembler.done(job.spec().job());
                if (job.spec().header().outcomesPartition() == partition && done < said) {
                    assembler.fail(
                            job.spec(),
                            (said - done) + " outcomes were deleted from the broker before the job was done: partition "
                                    + partition + " of " + kafka.topics().outcomes()
                                    + " begins above the committed offset; look at its retention, and submit the job"
                                    + " again");
                }
            }
        }
    }

    private long lag(int partition) {
        return consumer.currentLag(outcomes(partition)).orElse(Long.MAX_VALUE);
    }

    /** Gives the broker's disk back, as far as neither an unfinished job nor a result that could be rebuilt needs it. */
    private void purge() {
        Map<TopicPartition, Long> safe = new HashMap<>();
        committed.forEach((p, offset) -> safe.put(p, upkeep.neededFrom(p.partition(), offset)));
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
            commitNow(due());
        } finally {
            assembler.leave(byNumber());
            upkeep.close();
            positions.clear();
            leaving = true;
            metrics.close();
            purge.ifPresent(Purge::close);
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
            if (!partitions.isEmpty()) {
                String topic = topicId();
                begins(partitions).forEach((p, from) -> {
                    long on = assembler.restore(p.partition(), topic, from);
                    if (on > from) {
                        consumer.seek(p, on);
                    }
                });
            }
            assembler.sweep();
            LOG.atInfo().addKeyValue("partitions", consumer.assignment().size()).log("assignment changed");
        }

        /** Where partitions are read from: what was committed, or where the log begins if that is above it. */
        private Map<TopicPartition, Long> begins(Collection<TopicPartition> partitions) {
            Map<TopicPartition, OffsetAndMetadata> agreed = patiently(() -> consumer.committed(Set.copyOf(partitions)));
            Map<TopicPartition, Long> begins = new HashMap<>(patiently(() -> consumer.beginningOffsets(partitions)));
            begins.replaceAll((p, begin) -> {
                OffsetAndMetadata offset = agreed.get(p);
                if (offset != null && begin > offset.offset()) {
                    torn.add(p.partition());
                    LOG.atError()
                            .addKeyValue("partition", p.partition())
                            .addKeyValue("committed", offset.offset())
                            .addKeyValue("begins", begin)
                            .log("outcomes that were needed have been deleted from the broker");
                }
                return offset == null ? begin : Math.max(begin, offset.offset());
            });
            agreed.forEach((p, offset) -> {
                if (offset != null) {
                    committed.put(p, offset.offset()); // what was kept for a while is purged even if nothing new comes
                }
            });
            return begins;
        }

        /** A broker that is busy is asked again. */
        private <T> T patiently(Supplier<T> ask) {
            for (int attempt = 1; ; attempt++) {
                try {
                    return ask.get();
                } catch (RetriableException e) {
                    if (attempt == ATTEMPTS) {
                        throw e;
                    }
                }
            }
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
                Map<TopicPartition, OffsetAndMetadata> due = due();
                due.keySet().retainAll(partitions);
                commitNow(due);
            }
            onPartitionsLost(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            for (TopicPartition p : partitions) {
                positions.remove(p);
                committed.remove(p);
                held.forget(p);
                torn.remove(p.partition());
                if (!leaving) {
                    assembler.forget(p.partition());
                }
                catalog.disown(p.partition());
            }
            purge.ifPresent(p -> p.forget(partitions));
        }
    }
}
