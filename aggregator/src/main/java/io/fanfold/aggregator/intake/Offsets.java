package io.fanfold.aggregator.intake;

import io.fanfold.aggregator.store.Moments;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Up to where the owned partitions of outcomes have been read, and what of that is committed. One thread. */
final class Offsets {
    private static final Logger LOG = LoggerFactory.getLogger(Offsets.class);
    /** How often a question is asked that the broker does not answer in a minute. */
    private static final int ATTEMPTS = 4;

    private final KafkaConsumer<?, ?> consumer;
    private final LiveJobs live;
    private final Moments moments;
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private final Map<TopicPartition, Long> committed = new HashMap<>();

    /** @param live the jobs whose first outcomes no commit passes */
    Offsets(KafkaConsumer<?, ?> consumer, LiveJobs live, Moments moments) {
        this.consumer = consumer;
        this.live = live;
        this.moments = moments;
    }

    /** All below this offset is done with. */
    void read(TopicPartition partition, long offset) {
        positions.put(partition, offset);
    }

    /** Reads a partition once more from an offset that was not committed yet. */
    void back(TopicPartition partition, long offset) {
        consumer.seek(partition, offset);
        positions.put(partition, offset);
    }

    /** Of each partition, the offset below which all is done with. */
    Map<Integer, Long> byNumber() {
        Map<Integer, Long> byNumber = new HashMap<>();
        positions.forEach((p, position) -> byNumber.put(p.partition(), position));
        return byNumber;
    }

    /** What is committed, as far as that is known. */
    Map<TopicPartition, Long> committed() {
        return Map.copyOf(committed);
    }

    /** Commits what is safe. Does not wait. */
    void commit() {
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

    /** Commits what is safe of these partitions, which are given up; returns when that is done. */
    void commitNow(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> due = due();
        due.keySet().retainAll(partitions);
        if (!due.isEmpty()) {
            try {
                consumer.commitSync(due, Duration.ofSeconds(5));
            } catch (KafkaException e) {
                LOG.atInfo().addKeyValue("error", e.toString()).log("commit failed: a successor reads these again");
            }
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> due() {
        Map<TopicPartition, OffsetAndMetadata> due = new HashMap<>();
        positions.forEach((p, position) -> {
            long safe = live.safeOffset(p.partition(), position);
            if (safe > committed.getOrDefault(p, -1L)) {
                due.put(p, new OffsetAndMetadata(safe));
            }
        });
        return due;
    }

    /**
     * Where partitions are read from that are taken over: what was committed, or where the log begins if that is above it.
     *
     * @param torn is given the partitions where it is
     */
    Map<TopicPartition, Long> begins(Set<TopicPartition> partitions, Consumer<TopicPartition> torn) {
        Map<TopicPartition, OffsetAndMetadata> agreed = patiently(() -> consumer.committed(partitions));
        Map<TopicPartition, Long> begins = new HashMap<>(patiently(() -> consumer.beginningOffsets(partitions)));
        begins.replaceAll((p, begin) -> {
            OffsetAndMetadata offset = agreed.get(p);
            if (offset != null && begin > offset.offset()) {
                LOG.atError()
                        .addKeyValue("partition", p.partition())
                        .addKeyValue("committed", offset.offset())
                        .addKeyValue("begins", begin)
                        .log("outcomes that were needed have been deleted from the broker");
                torn.accept(p);
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
    private static <T> T patiently(Supplier<T> ask) {
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

    /** Another owns it now. */
    void forget(TopicPartition partition) {
        positions.remove(partition);
        committed.remove(partition);
    }

    /** Nothing is owned any more. */
    void forget() {
        positions.clear();
    }
}
