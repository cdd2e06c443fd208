package io.fanfold.protocol.intake;

import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Outcome;
import io.fanfold.protocol.wire.Records;
import io.fanfold.protocol.wire.WireException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One partition of the outcomes topic, read on from a place in it, outside any group. One thread reads; {@link #wakeUp} may be
 * called by any.
 */
public final class OutcomeLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OutcomeLog.class);

    private final KafkaSettings kafka;
    private final KafkaConsumer<byte[], ByteBuffer> consumer;
    private final TopicPartition partition;

    public OutcomeLog(KafkaSettings kafka, String clientId, int partition) {
        this.kafka = kafka;
        this.partition = new TopicPartition(kafka.topics().outcomes(), partition);
        Properties p = kafka.borrowingConsumer(clientId, "");
        p.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none"); // what is deleted before it was read is not passed over
        this.consumer = new KafkaConsumer<>(p);
        consumer.assign(List.of(this.partition));
    }

    /** The offset of the first record that is still there, or of the next one that is written. */
    public long begin() {
        return asking(() -> consumer.beginningOffsets(List.of(partition))).getOrDefault(partition, 0L);
    }

    /** The offset behind the last record that is committed. */
    public long end() {
        return asking(() -> consumer.endOffsets(List.of(partition))).getOrDefault(partition, 0L);
    }

    /** The offset of the first record that the broker has had at this time or later; empty if there is none. */
    public OptionalLong at(Instant time) {
        Map<TopicPartition, OffsetAndTimestamp> found =
                asking(() -> consumer.offsetsForTimes(Map.of(partition, time.toEpochMilli())));
        OffsetAndTimestamp at = found.get(partition);
        return at == null ? OptionalLong.empty() : OptionalLong.of(at.offset());
    }

    /** Reads on from this offset. */
    public void seek(long offset) {
        consumer.seek(partition, offset);
    }

    /** The offset of the next record to be read. */
    public long position() {
        return asking(() -> consumer.position(partition));
    }

    /**
     * Hands over what is there, waiting at most so long for a first record. Records that are no outcomes are passed over.
     *
     * @param reader is given each outcome; a computed value is to be read before the next poll
     * @return false if what was to be read has been deleted
     * @throws FanfoldException if the broker cannot be read, the thread is interrupted, which it then still is, or woken up
     */
    public boolean poll(Duration wait, Consumer<Outcome> reader) {
        try {
            asking(() -> consumer.poll(wait)).forEach(record -> read(record, reader));
            return true;
        } catch (OffsetOutOfRangeException e) {
            return false;
        }
    }

    private static void read(ConsumerRecord<byte[], ByteBuffer> record, Consumer<Outcome> reader) {
        Outcome outcome;
        try {
            outcome = Records.outcome(record);
        } catch (WireException e) {
            LOG.atWarn()
                    .addKeyValue("offset", record.offset())
                    .addKeyValue("reason", e.getMessage())
                    .log("record passed over");
            return;
        }
        reader.accept(outcome);
    }

    private <T> T asking(Supplier<T> question) {
        try {
            return question.get();
        } catch (OffsetOutOfRangeException e) {
            throw e;
        } catch (WakeupException e) {
            throw new FanfoldException(partition + " is not read any more: it was closed", e);
        } catch (InterruptException e) {
            throw new FanfoldException("interrupted while reading " + partition, e);
        } catch (KafkaException e) {
            throw new FanfoldException(
                    "cannot read " + partition + " at " + kafka.bootstrapServers() + ": " + e.getMessage(), e);
        }
    }

    /** Ends the poll that goes on, or else the next one, with an error. */
    public void wakeUp() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        consumer.close(LogFollower.AT_ONCE);
    }
}
