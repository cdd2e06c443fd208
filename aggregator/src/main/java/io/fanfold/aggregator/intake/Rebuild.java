package io.fanfold.aggregator.intake;

import io.fanfold.aggregator.assemble.Assembly;
import io.fanfold.aggregator.catalog.Ended;
import io.fanfold.aggregator.catalog.Seals;
import io.fanfold.aggregator.store.Moments;
import io.fanfold.aggregator.store.Publisher;
import io.fanfold.aggregator.store.Spool;
import io.fanfold.aggregator.store.Spools;
import io.fanfold.protocol.fold.Folds;
import io.fanfold.protocol.intake.LogFollower;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Outcome;
import io.fanfold.protocol.wire.Records;
import io.fanfold.protocol.wire.ResultInfo;
import io.fanfold.protocol.wire.WireException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Makes a result again from the outcomes that the broker still has, exactly those that it was made from the first time. Reads by
 * itself, beside the group. One thread.
 */
final class Rebuild {
    private static final Duration STEP = Duration.ofMillis(200);

    private final KafkaSettings kafka;
    private final String name;
    private final Spools spools;
    private final Publisher publisher;
    private final Folds folds;

    Rebuild(KafkaSettings kafka, String name, Spools spools, Publisher publisher, Folds folds) {
        this.kafka = kafka;
        this.name = name;
        this.spools = spools;
        this.publisher = publisher;
        this.folds = folds;
    }

    /**
     * Makes the result of a job again.
     *
     * @return why it cannot be; empty: it is there
     * @throws IOException if the store does not take it now
     */
    Optional<String> again(Ended job, Ended.Kept kept) throws IOException {
        Optional<ByteBuffer> inline = inline(job.job());
        if (inline.isEmpty()) {
            return fromOutcomes(job, kept);
        }
        if (!kept.holes() || fromOutcomes(job, kept).isPresent()) {
            publisher.publishAgain(job.job(), inline.get());
        }
        return Optional.empty();
    }

    private Optional<String> fromOutcomes(Ended job, Ended.Kept kept) throws IOException {
        Optional<ResultInfo.Origin> origin = kept.origin();
        Optional<JobRecord.Spec> spec = spec(job.job());
        if (origin.isEmpty() || spec.isEmpty()) {
            return Optional.of("it is not known what it was made from");
        }
        Fold fold = spec.get().header().fold();
        if (!fold.equals(Fold.CONCAT) && folds.find(fold).isEmpty()) {
            throw new IOException("fold " + fold + " is not known here: give the aggregator the plugin that has it");
        }
        KafkaConsumer<byte[], ByteBuffer> consumer =
                new KafkaConsumer<>(kafka.borrowingConsumer(name + "-rebuild", ""));
        try {
            TopicPartition outcomes = new TopicPartition(
                    kafka.topics().outcomes(), spec.get().header().outcomesPartition());
            consumer.assign(List.of(outcomes));
            long first = Objects.requireNonNull(
                    consumer.beginningOffsets(List.of(outcomes)).get(outcomes));
            if (first > origin.get().firstOutcome()) {
                return Optional.of("its outcomes are no longer in the broker (partition " + outcomes.partition()
                        + " begins at offset " + first + ", its first outcome was at "
                        + origin.get().firstOutcome() + ")");
            }
            if (Objects.requireNonNull(consumer.endOffsets(List.of(outcomes)).get(outcomes))
                    <= origin.get().lastOutcome()) {
                return Optional.of("its outcomes are no longer in the broker: the topic was made anew");
            }
            consumer.seek(outcomes, origin.get().firstOutcome());
            return again(spec.get(), kept, origin.get(), consumer, outcomes);
        } finally {
            consumer.close(LogFollower.AT_ONCE);
        }
    }

    private Optional<String> again(
            JobRecord.Spec spec,
            Ended.Kept kept,
            ResultInfo.Origin origin,
            KafkaConsumer<byte[], ByteBuffer> consumer,
            TopicPartition outcomes)
            throws IOException {
        Growing growing;
        try {
            growing = begin(spec, origin.firstOutcome());
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
        try {
            while (consumer.position(outcomes)
                    <= origin.lastOutcome()) { // a stream may be whole before, and is not done
                for (ConsumerRecord<byte[], ByteBuffer> record : consumer.poll(STEP)) {
                    if (record.offset() <= origin.lastOutcome()) {
                        take(growing, record);
                    }
                }
            }
            if (!growing.assembly.complete()) {
                return Optional.of("the broker has only " + growing.assembly.done() + " of its "
                        + growing.assembly.count() + " outcomes");
            }
            String made = publisher.publishAgain(growing.whole(), kept.crc32c());
            return made.equals(kept.crc32c())
                    ? Optional.empty()
                    : Optional.of(
                            "what was rebuilt has other bytes (CRC-32C " + made + ", it was " + kept.crc32c() + ")");
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } finally {
            growing.spool.discard();
        }
    }

    private Growing begin(JobRecord.Spec spec, long firstOffset) throws IOException {
        Assembly assembly;
        Spool spool;
        if (spec.revision().isPresent()) {
            Publisher.Revised revised = publisher.revise(spec);
            assembly = revised.assembly();
            spool = revised.spool();
        } else {
            assembly = new Assembly(spec);
            spool = spools.openAside(spec.job());
        }
        return new Growing(spec, folds.find(spec.header().fold()), firstOffset, assembly, spool, Moments.NONE);
    }

    private static void take(Growing growing, ConsumerRecord<byte[], ByteBuffer> record) throws IOException {
        try {
            Outcome outcome = Records.outcome(record);
            if (outcome.job().equals(growing.spec().job())) {
                Growing.Step _ = growing.accept(outcome, record.offset(), record.timestamp());
            }
        } catch (WireException e) {
            // no outcome then, no outcome now
        }
    }

    /** A job's spec, with the length that its seal says. */
    private Optional<JobRecord.Spec> spec(JobId job) {
        Optional<JobRecord.Spec> spec = first(kafka.topics().jobs(), record -> of(record, job, JobRecord.Spec.class));
        return spec.isEmpty() || spec.get().header().rows().isPresent()
                ? spec
                : first(
                        kafka.topics().jobs(),
                        record ->
                                of(record, job, JobRecord.Seal.class).flatMap(seal -> Seals.agreed(spec.get(), seal)));
    }

    private static <R extends JobRecord> Optional<R> of(
            ConsumerRecord<byte[], byte[]> record, JobId job, Class<R> kind) {
        return Records.job(record)
                .filter(r -> r.job().equals(job) && kind.isInstance(r))
                .map(kind::cast);
    }

    /** A small result, which rides in the record of its job's end. */
    private Optional<ByteBuffer> inline(JobId job) {
        return first(
                kafka.topics().states(),
                record -> Records.state(record)
                        .filter(s -> s.job().equals(job) && s instanceof JobState.Terminal)
                        .flatMap(s -> ((JobState.Terminal) s).result())
                        .flatMap(ResultInfo::inline));
    }

    private <T> Optional<T> first(String topic, Function<ConsumerRecord<byte[], byte[]>, Optional<T>> wanted) {
        AtomicReference<@Nullable T> found = new AtomicReference<>();
        try (LogFollower log = new LogFollower(kafka, name + "-rebuild-" + topic, topic, record -> {
            try {
                wanted.apply(record).ifPresent(value -> found.compareAndSet(null, value));
            } catch (WireException e) {
                // another job's
            }
        })) {
            log.readToEnd();
        }
        return Optional.ofNullable(found.get());
    }
}
