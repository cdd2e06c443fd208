package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.split.ChunkSize;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.ChunkHeader;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.protocol.wire.JobHeader;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.Records;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.protocol.wire.Topics;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.OnEveryBroker;
import io.fanfold.testkit.RandomArrays;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What cannot be computed is said, named and set aside, and nothing else suffers. */
final class FailureIT {
    private static final ArraySlice ARRAY = new RandomArrays(1).of(DType.parse("|i1"), Shape.of(20, 3), Order.C);

    private static String chunks(Fleet fleet) {
        return fleet.kafka().topics().chunks(Topics.DEFAULT_POOL);
    }

    private static List<ConsumerRecord<byte[], byte[]>> deadLetters(Fleet fleet) {
        return Raw.read(fleet.kafka(), fleet.kafka().topics().deadLetters());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @OnEveryBroker
    void aRecordThatIsNoChunkBecomesADeadLetterAndTheNextOneRuns(BrokerKind kind) throws Exception {
        try (Fleet fleet = Fleet.whole(kind)) {
            String topic = chunks(fleet);
            ProducerRecord<byte[], byte[]> foreign = new ProducerRecord<>(topic, 0, bytes("key"), bytes("hello"));
            foreign.headers().add("traceparent", bytes("00-1"));
            ProducerRecord<byte[], byte[]> later = new ProducerRecord<>(topic, 0, null, bytes("{}"));
            later.headers().add("fanfold-wire", bytes("99"));
            ProducerRecord<byte[], byte[]> tombstone = new ProducerRecord<>(topic, 0, bytes("key"), null);
            ProducerRecord<byte[], byte[]> noJson = new ProducerRecord<>(topic, 0, null, bytes("x"));
            noJson.headers()
                    .add("fanfold-wire", bytes("1"))
                    .add("fanfold-job", bytes("{"))
                    .add("fanfold-chunk", bytes("{}"));
            Raw.write(fleet.kafka(), List.of(foreign, later, tombstone, noJson));

            JobHandle job = fleet.submit(fleet.function("identity"), Map.of(), ARRAY, 0, new ChunkSize.Count(12));

            assertThat(Files.readAllBytes(Fleet.result(job))).isEqualTo(Npy.encode(ARRAY));
            await().atMost(Fleet.LONG).until(() -> deadLetters(fleet).size() == 4);
            assertThat(deadLetters(fleet))
                    .anySatisfy(dead -> {
                        assertThat(dead.key()).isEqualTo(bytes("key"));
                        assertThat(dead.value()).isEqualTo(bytes("hello"));
                        assertThat(dead.headers().lastHeader("traceparent")).isNotNull();
                        assertThat(Records.deadLetter(dead).reason()).contains("fanfold-wire", "missing");
                        assertThat(Records.deadLetter(dead).topic()).isEqualTo(topic);
                    })
                    .anySatisfy(dead ->
                            assertThat(Records.deadLetter(dead).reason()).contains("\"99\"", "version 1"));
        }
    }

    @OnEveryBroker
    void aChunkThatNamesAPartitionThatIsNotThereHoldsNobodyUp(BrokerKind kind) throws Exception {
        try (Fleet fleet = Fleet.whole(kind)) {
            JobHandle real = fleet.accept(fleet.function("identity"), Map.of(), ARRAY, 0, new ChunkSize.Count(4));
            JobHeader h = real.spec().header();
            JobHeader astray = new JobHeader(
                    h.job(),
                    h.function(),
                    h.parameters(),
                    h.strategy(),
                    h.fold(),
                    h.errors(),
                    h.timeToLiveMs(),
                    h.chunkTimeoutMs(),
                    h.rows(),
                    0,
                    999);
            String topic = fleet.kafka().topics().chunks(Topics.DEFAULT_POOL);
            List<ProducerRecord<byte[], byte[]>> everywhere = new ArrayList<>();
            for (int partition = 0; partition < 6; partition++) {
                everywhere.add(Records.chunk(
                        topic,
                        partition,
                        h.job(),
                        Records.headerBytes(astray),
                        new ChunkHeader(0, 0, OptionalLong.of(4)),
                        Npy.encode(ARRAY)));
            }
            Raw.write(fleet.kafka(), everywhere);

            JobHandle next = fleet.submit(fleet.function("identity"), Map.of(), ARRAY, 0, new ChunkSize.Count(12));

            assertThat(Files.readAllBytes(Fleet.result(next))).isEqualTo(Npy.encode(ARRAY));
            await().atMost(Fleet.LONG).until(() -> deadLetters(fleet).size() == 6);
            assertThat(deadLetters(fleet))
                    .allSatisfy(dead ->
                            assertThat(Records.deadLetter(dead).reason()).contains("999", "2 partitions"));
        }
    }

    @OnEveryBroker
    void aFunctionThatNoWorkerHasFailsTheJobAfterTheGraceAndIsNamed(BrokerKind kind) throws Exception {
        try (Fleet fleet = Fleet.whole(kind)) {
            FunctionDescription unheard = new FunctionDescription(
                    new FunctionId("unheard", "7"), "", "same", Map.of("any", "same"), List.of());
            JobHandle job = fleet.submit(unheard, Map.of(), ARRAY, 0, new ChunkSize.Count(60));
            JobHandle next = fleet.submit(fleet.function("identity"), Map.of(), ARRAY, 0, new ChunkSize.Count(2));

            JobState.Terminal end = Fleet.end(job);
            assertThat(end.end()).isEqualTo(JobState.End.FAILED);
            assertThat(end.error().orElseThrow())
                    .contains("no worker of pool default has unheard@7")
                    .doesNotContain("\n");
            assertThat(Fleet.end(next).end()).isEqualTo(JobState.End.COMPLETED);
        }
    }

    @OnEveryBroker
    void theFirstFailedChunkFailsTheJobWithAllThatIsKnownOfIt(BrokerKind kind) throws Exception {
        try (Fleet fleet = Fleet.whole(kind)) {
            JobHandle job =
                    fleet.submit(fleet.function("scale"), Map.of("factor", 1000), ARRAY, 0, new ChunkSize.Count(1));

            JobState.Terminal end = Fleet.end(job);
            assertThat(end.end()).isEqualTo(JobState.End.FAILED);
            assertThat(end.error().orElseThrow())
                    .contains("chunk 0", "rows 0 to 20", "axis 0", "scale@1", "IllegalArgumentException")
                    .contains("factor 1000 does not fit int8")
                    .doesNotContain("\n");
            assertThat(deadLetters(fleet)).singleElement().satisfies(dead -> {
                assertThat(dead.value()).isEqualTo(Npy.encode(ARRAY));
                assertThat(Records.chunkHeader(dead)).isEqualTo(new ChunkHeader(0, 0, OptionalLong.of(1)));
            });
        }
    }

    @OnEveryBroker
    void aChunkWhoseValueIsNoArrayFailsItsJobAndNoOther(BrokerKind kind) throws Exception {
        try (Fleet fleet = Fleet.whole(kind)) {
            JobHandle job = fleet.accept(fleet.function("identity"), Map.of(), ARRAY, 0, new ChunkSize.Count(4));
            Raw.write(
                    fleet.kafka(),
                    List.of(Records.chunk(
                            chunks(fleet),
                            1,
                            job.id(),
                            Records.headerBytes(job.spec().header()),
                            new ChunkHeader(2, 10, OptionalLong.of(4)),
                            bytes("not numpy"))));

            JobState.Terminal end = Fleet.end(job);
            assertThat(end.end()).isEqualTo(JobState.End.FAILED);
            assertThat(end.error().orElseThrow())
                    .contains("chunk 2", "rows 10 to 15", "identity@1", "ArrayFormatException");
            JobHandle next = fleet.submit(fleet.function("identity"), Map.of(), ARRAY, 0, new ChunkSize.Count(4));
            assertThat(Fleet.end(next).end()).isEqualTo(JobState.End.COMPLETED);
        }
    }

    @OnEveryBroker
    void aChunkWithoutAValueFailsItsJob(BrokerKind kind) throws Exception {
        try (Fleet fleet = Fleet.whole(kind)) {
            JobHandle job = fleet.accept(fleet.function("identity"), Map.of(), ARRAY, 0, new ChunkSize.Count(4));
            Raw.write(
                    fleet.kafka(),
                    List.of(Records.chunk(
                            chunks(fleet),
                            1,
                            job.id(),
                            Records.headerBytes(job.spec().header()),
                            new ChunkHeader(3, 15, OptionalLong.of(4)),
                            null)));

            assertThat(Fleet.end(job).error().orElseThrow()).contains("chunk 3", "no value");
        }
    }

    @OnEveryBroker
    void aRequestToCancelEndsTheJobForGood(BrokerKind kind) throws Exception {
        try (Fleet fleet = Fleet.on(kind)) {
            fleet.gated("worker-1");
            fleet.aggregator("aggregator-1", fleet.store("results"));
            Map<String, ?> lastNeverEnds = Map.of("gate", "never", "waits", Long.toString(59L * Jobs.ROWS));
            JobHandle job =
                    Jobs.submit(fleet, fleet.function("gated"), lastNeverEnds, Strategy.THREADS, Jobs.array(0, 60));
            await().atMost(Fleet.LONG).until(() -> job.progress().done() > 0);

            fleet.map().cancel(job.id(), "not wanted any more");

            assertThat(Fleet.end(job))
                    .isEqualTo(JobState.Terminal.ended(job.id(), JobState.End.CANCELLED, "not wanted any more"));
            assertThat(Files.exists(fleet.store("results").resolve(job.id() + ".npy")))
                    .isFalse();
            await().atMost(Fleet.LONG).until(() -> fleet.growing() == 0);
        }
    }

    @OnEveryBroker
    void aRequestToCancelThatCameWhileNoAggregatorRanIsNotLost(BrokerKind kind) throws Exception {
        try (Fleet fleet = Fleet.on(kind)) {
            fleet.worker("worker-1").close();
            JobHandle job = fleet.submit(fleet.function("identity"), Map.of(), ARRAY, 0, new ChunkSize.Count(4));
            fleet.map().cancel(job.id(), "changed my mind");

            fleet.aggregator("aggregator-1", fleet.store("results"));

            assertThat(Fleet.end(job).end()).isEqualTo(JobState.End.CANCELLED);
        }
    }

    @OnEveryBroker
    void aJobThatEndedIsNotEndedAgain(BrokerKind kind) throws Exception {
        try (Fleet fleet = Fleet.whole(kind)) {
            JobHandle job = fleet.submit(fleet.function("identity"), Map.of(), ARRAY, 0, new ChunkSize.Count(4));
            assertThat(Fleet.end(job).end()).isEqualTo(JobState.End.COMPLETED);

            fleet.map().cancel(job.id(), "too late");
            JobHandle next = fleet.submit(fleet.function("sleep"), Map.of("ms", 300), ARRAY, 0, new ChunkSize.Count(2));

            Fleet.end(next);
            assertThat(Raw.read(fleet.kafka(), fleet.kafka().topics().states()))
                    .map(record -> Records.state(record).orElseThrow())
                    .filteredOn(state ->
                            state instanceof JobState.Terminal && state.job().equals(job.id()))
                    .singleElement()
                    .satisfies(state ->
                            assertThat(((JobState.Terminal) state).end()).isEqualTo(JobState.End.COMPLETED));
        }
    }
}
