package io.fanfold.protocol.intake;

import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.wire.KafkaSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;

/**
 * Reads a topic of small records from its beginning and follows it, outside any group. For the compacted topics, whose
 * contents are a table. Not thread-safe: one thread owns it.
 */
public final class LogFollower implements AutoCloseable {
    /**
     * How a consumer that is in no group is closed: it has nothing to commit and nobody to tell, and would else wait up to half a second
     * for the fetch that is on its way.
     */
    public static final CloseOptions AT_ONCE = CloseOptions.timeout(Duration.ZERO);

    private static final Duration STEP = Duration.ofMillis(100);
    /** How often a question is asked that the broker does not answer in its time (10 s or more). */
    private static final int ATTEMPTS = 30;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Admin admin;
    private final List<TopicPartition> partitions;
    private final Consumer<ConsumerRecord<byte[], byte[]>> reader;

    /**
     * @param reader is given each record, in the order of its partition; what it throws, {@link #poll} throws
     * @throws FanfoldException if the topic does not exist
     */
    public LogFollower(
            KafkaSettings kafka, String clientId, String topic, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        this.consumer = new KafkaConsumer<>(kafka.consumer(clientId, ""));
        this.admin = Admin.create(kafka.admin(clientId + "-ends"));
        this.reader = reader;
        try {
            this.partitions = patiently(() -> consumer.partitionsFor(topic, Duration.ofSeconds(10))).stream()
                    .map(p -> new TopicPartition(topic, p.partition()))
                    .toList();
            if (partitions.isEmpty()) {
                throw new FanfoldException("topic " + topic + " does not exist at " + kafka.bootstrapServers()
                        + ": make it with: fanfold topics create --bootstrap-server " + kafka.bootstrapServers());
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
        } catch (KafkaException e) {
            closeAll();
            throw new FanfoldException(
                    "cannot read topic " + topic + " at " + kafka.bootstrapServers() + ": " + e.getMessage(), e);
        } catch (FanfoldException e) {
            closeAll();
            throw e;
        }
    }

    /** Hands over what is there, waiting at most so long for a first record. Returns how many records there were. */
    public int poll(Duration wait) {
        var records = consumer.poll(wait);
        records.forEach(reader);
        return records.count();
    }

    /**
     * Hands over everything that was acknowledged before the call, the work of a transaction that is still open included: it waits
     * until that is decided. A broker that is away for some minutes is waited for.
     */
    public void readToEnd() {
        Map<TopicPartition, Long> ends = patiently(this::ends);
        while (ends.entrySet().stream()
                .anyMatch(end -> patiently(() -> consumer.position(end.getKey())) < end.getValue())) {
            poll(STEP);
        }
    }

    private Map<TopicPartition, Long> ends() {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        partitions.forEach(p -> latest.put(p, OffsetSpec.latest()));
        try {
            Map<TopicPartition, Long> ends = new HashMap<>();
            admin.listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                    .all()
                    .get()
                    .forEach((p, end) -> ends.put(p, end.offset()));
            return ends;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException why ? why : new KafkaException(e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

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

    @Override
    public void close() {
        closeAll();
    }

    private void closeAll() {
        consumer.close(AT_ONCE);
        admin.close(Duration.ZERO);
    }
}
