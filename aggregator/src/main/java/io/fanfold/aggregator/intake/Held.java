package io.fanfold.aggregator.intake;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Partitions whose next record cannot be taken yet: paused in front of it, and tried again after a moment. One thread. */
final class Held {
    private static final long NANOS = Duration.ofMillis(500).toNanos();

    private final Map<TopicPartition, Long> sinceNanos = new HashMap<>();

    /** Stops a partition in front of a record. */
    void hold(Consumer<?, ?> consumer, TopicPartition partition, long offset, long nowNanos) {
        consumer.seek(partition, offset);
        consumer.pause(Set.of(partition));
        sinceNanos.put(partition, nowNanos);
    }

    /** Goes on where a moment has passed. */
    void release(Consumer<?, ?> consumer, long nowNanos) {
        sinceNanos.entrySet().removeIf(held -> {
            boolean over = nowNanos - held.getValue() > NANOS;
            if (over && consumer.assignment().contains(held.getKey())) {
                consumer.resume(Set.of(held.getKey()));
            }
            return over;
        });
    }

    /** Another owns it now. */
    void forget(TopicPartition partition) {
        sinceNanos.remove(partition);
    }
}
