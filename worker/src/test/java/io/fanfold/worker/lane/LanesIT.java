package io.fanfold.worker.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.ChunkHeader;
import io.fanfold.protocol.wire.ErrorPolicy;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.JobHeader;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Records;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.protocol.wire.Topics;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.TestBroker;
import io.fanfold.worker.emit.Emitter;
import io.fanfold.worker.function.FunctionRegistry;
import io.fanfold.worker.process.ChildSettings;
import io.fanfold.worker.process.Children;
import io.fanfold.worker.strategy.Auto;
import io.fanfold.worker.strategy.Choice;
import io.fanfold.worker.strategy.Ending;
import io.fanfold.worker.strategy.WorkerClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Lanes of one worker, side by side. */
final class LanesIT {
    private static final JobId JOB = new JobId("job");
    private static final String TOPIC = Topics.DEFAULT.chunks(Topics.DEFAULT_POOL);
    private static final int MAX_VALUE_BYTES = 1_000_000;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ScheduledExecutorService clock = WorkerClock.start();
    private final Children children =
            new Children(new ChildSettings(1, 0, List.of(), Duration.ofSeconds(1), MAX_VALUE_BYTES), meters);
    private final AtomicReference<Throwable> fatal = new AtomicReference<>();
    private final KafkaSettings kafka = TestBroker.of(BrokerKind.IN_JVM).freshFleet();
    private final Emitter emitter = new Emitter(kafka, "w", _ -> {}, meters, fatal::set);
    private final Pending function = new Pending();
    private final Lanes lanes = new Lanes();
    private final Auto auto = new Auto(Map.of(), clock, meters, (_, _) -> {}, lanes::pump);
    private final Workshop workshop = new Workshop(
            new WorkshopSettings(
                    "w",
                    Topics.DEFAULT_POOL,
                    Duration.ZERO,
                    Duration.ZERO,
                    RetryPolicy.DEFAULT,
                    MAX_VALUE_BYTES,
                    4096,
                    false,
                    true),
            FunctionRegistry.of(List.of(function)),
            emitter,
            auto,
            children,
            clock,
            _ -> false,
            new BrokerClock(),
            meters);

    @AfterEach
    void close() {
        lanes.forEach((_, lane) -> {
            lane.close();
            lane.stop();
        });
        children.close();
        emitter.close();
        clock.shutdownNow();
        assertThat(fatal).hasValue(null);
    }

    /** A lane that may start all that comes. */
    private Lane lane(int partition) {
        Lane lane = new Lane(workshop, partition, "topic-id", 0, "", 0);
        lanes.put(new TopicPartition(TOPIC, partition), lane);
        lane.mark().ifPresent(lane::committed);
        return lane;
    }

    private ConsumerRecord<byte[], byte[]> chunk(int partition, long index) {
        JobHeader job = new JobHeader(
                JOB,
                function.description().id(),
                Map.of(),
                Strategy.AUTO,
                Fold.CONCAT,
                new ErrorPolicy.FailFast(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                0,
                0);
        ArraySlice row =
                new ArraySlice(DType.parse("|u1"), Shape.of(1), Order.C, MemorySegment.ofArray(new byte[] {1}));
        ProducerRecord<byte[], byte[]> sent = Records.chunk(
                TOPIC,
                partition,
                JOB,
                Records.headerBytes(job),
                new ChunkHeader(index, index, OptionalLong.empty()),
                Npy.encode(row));
        return new ConsumerRecord<>(
                TOPIC,
                partition,
                0,
                0,
                TimestampType.LOG_APPEND_TIME,
                0,
                0,
                sent.key(),
                sent.value(),
                new RecordHeaders(sent.headers().toArray()),
                Optional.empty());
    }

    /** Calls of the job take longer the more of them there are and get no more done: the fewest, one, are enough. */
    private void limitToOne() {
        for (int inFlight : new int[] {1, 4}) {
            for (int i = 0; i < 32; i++) {
                auto.ended(
                        function,
                        JOB,
                        new Choice(Strategy.ASYNC, false),
                        new Ending.Answered(new byte[0], inFlight * 1_000_000L, OptionalLong.empty()),
                        inFlight,
                        8);
            }
        }
        assertThat(auto.limit(JOB)).isEqualTo(1);
    }

    @Test
    void theEndOfACallInOneLaneStartsWhatWaitsForItsPlaceInAnother() throws Exception {
        limitToOne();
        Lane first = lane(0);
        Lane second = lane(1);
        first.offer(List.of(chunk(0, 0)));
        Pending.Waiting call = function.next();
        second.offer(List.of(chunk(1, 1)));
        assertThat(second.waiting()).isEqualTo(1); // the job's only place is taken

        call.end();

        function.next().end();
        await().until(() -> lanes.running() == 0);
        assertThat(second.waiting()).isZero();
    }

    /** As where a function ends the process, which the end of the worker precedes: its successor must not run it as if nothing were. */
    @Test
    void aSuccessorSuspectsWhatWasAbandonedWhenTheLaneWasStopped() throws Exception {
        Lane lane = lane(0);
        lane.offer(List.of(chunk(0, 0)));
        Pending.Waiting _ = function.next();
        lane.close();
        lane.stop();
        await().until(() -> lane.running() == 0);

        Lane.Mark mark = lane.handOver();

        assertThat(mark.offset()).isZero();
        assertThat(BookmarkText.read(0, mark.text(), "topic-id").orElseThrow().started())
                .containsExactly(new Run(0, 1));
    }
}
