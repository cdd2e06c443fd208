package io.fanfold.worker.emit;

import io.fanfold.protocol.wire.Codecs;
import io.fanfold.protocol.wire.DeadLetter;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.FunctionOffer;
import io.fanfold.protocol.wire.FunctionProfile;
import io.fanfold.protocol.wire.JobHeader;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Outcome;
import io.fanfold.protocol.wire.Records;
import io.fanfold.protocol.wire.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;

/**
 * Sends what became of chunks. Any thread; a send waits while the producer's buffer is full, which slows the lanes and nothing
 * else. {@code acked} runs on the producer's own thread once the broker has the record for good.
 */
public final class Emitter implements AutoCloseable {
    private static final long BUFFER_BYTES =
            Math.min(32L * 1024 * 1024, Runtime.getRuntime().maxMemory() / 16);

    private final Topics topics;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaClientMetrics metrics;
    private final LongConsumer brokerTime;
    private final Consumer<Throwable> fatal;
    private final AtomicLong sending = new AtomicLong();

    /**
     * @param brokerTime told the broker's time of what it acknowledges, in milliseconds
     * @param fatal told when a record can never be sent, so that the worker stops instead of losing it
     */
    public Emitter(
            KafkaSettings kafka,
            String worker,
            LongConsumer brokerTime,
            MeterRegistry meters,
            Consumer<Throwable> fatal) {
        this.topics = kafka.topics();
        this.producer = new KafkaProducer<>(kafka.producer(worker + "-emit", BUFFER_BYTES));
        this.metrics = new KafkaClientMetrics(producer);
        this.brokerTime = brokerTime;
        this.fatal = fatal;
        metrics.bindTo(meters);
    }

    /** Says that this worker's pool has a function, how it has run there, and which codecs its chunks may have. */
    public void offer(String pool, FunctionDescription function, Optional<FunctionProfile> profile) {
        send(Records.offer(topics, new FunctionOffer(pool, function, profile, Codecs.usable())), () -> {});
    }

    /** Returns when the broker has all that was sent before. */
    public void flush() {
        producer.flush();
    }

    public void computed(JobHeader job, Outcome.Computed outcome, Runnable acked) {
        send(Records.outcome(topics, job.outcomesPartition(), outcome), acked);
    }

    /**
     * The whole record goes to the dead letters too, so that the hole it leaves can be filled later: {@code acked} runs when the
     * broker has both. Both are sent here, not one from the other's acknowledgement: the producer's own thread must
     * never wait for room in its buffer.
     */
    public void failed(JobHeader job, Outcome.Failed outcome, ConsumerRecord<byte[], byte[]> record, Runnable acked) {
        AtomicInteger open = new AtomicInteger(2);
        Runnable one = () -> {
            if (open.decrementAndGet() == 0) {
                acked.run();
            }
        };
        deadLetter(record, outcome.failure().message(), Optional.of(outcome), one);
        send(Records.outcome(topics, job.outcomesPartition(), outcome), one);
    }

    /** Sets aside a record that is no chunk. One that is too large even for that goes without its value, which is said. */
    public void deadLetter(ConsumerRecord<byte[], byte[]> record, String reason, Runnable acked) {
        deadLetter(record, reason, Optional.empty(), acked);
    }

    private void deadLetter(
            ConsumerRecord<byte[], byte[]> record, String reason, Optional<Outcome.Failed> outcome, Runnable acked) {
        DeadLetter letter = new DeadLetter(reason, record.topic(), record.partition(), record.offset(), true, outcome);
        send(Records.deadLetter(topics, record, letter), acked, e -> {
            if (e instanceof RecordTooLargeException) {
                // on a thread of its own: the producer's must never wait for room in its buffer
                Thread _ = Thread.startVirtualThread(() -> send(Records.deadLetterWithoutValue(topics, letter), acked));
            } else {
                fatal.accept(e);
            }
        });
    }

    /** How many partitions the outcomes topic has. */
    public int outcomePartitions() {
        return producer.partitionsFor(topics.outcomes()).size();
    }

    private void send(ProducerRecord<byte[], byte[]> record, Runnable acked) {
        send(record, acked, fatal);
    }

    private void send(ProducerRecord<byte[], byte[]> record, Runnable acked, Consumer<Throwable> failed) {
        sending.incrementAndGet();
        try {
            Future<?> _ = producer.send(record, (sent, e) -> {
                sending.decrementAndGet();
                if (e == null) {
                    brokerTime.accept(sent.timestamp());
                    acked.run();
                } else {
                    failed.accept(e);
                }
            });
        } catch (InterruptException e) {
            sending.decrementAndGet(); // the worker is closing; the thread's mark is set again by the exception
        } catch (RuntimeException e) {
            sending.decrementAndGet();
            failed.accept(e);
        }
    }

    /** The worker can go on no more: it stops, and says why. */
    public void fatal(Throwable why) {
        fatal.accept(why);
    }

    /** Waits at most so long for what is on its way. */
    public void close(Duration grace) {
        metrics.close();
        producer.close(grace);
    }

    /** How many records are sent and not yet acknowledged. */
    public long sending() {
        return sending.get();
    }

    @Override
    public void close() {
        close(Duration.ofSeconds(5));
    }
}
