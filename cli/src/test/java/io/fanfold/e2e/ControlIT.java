package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.broker.LocalBroker;
import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.dispatch.Acceptance;
import io.fanfold.producer.dispatch.Limits;
import io.fanfold.producer.split.ChunkSize;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.NpyHeader;
import io.fanfold.protocol.topics.TopicLayout;
import io.fanfold.protocol.topics.TopicSetup;
import io.fanfold.protocol.wire.Cancel;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Records;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.OnEveryBroker;
import io.fanfold.testkit.RandomArrays;
import io.fanfold.worker.intake.CancelledJobs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests to cancel: who writes them, who hears them, and that each is decided. */
final class ControlIT {
    private static final ArraySlice ARRAY = new RandomArrays(5).of(DType.parse("|i1"), Shape.of(20, 3), Order.C);
    private static final FunctionDescription IDENTITY =
            new FunctionDescription(new FunctionId("identity", "1"), "", "same", Map.of("any", "same"), List.of());

    private static List<Cancel> requests(Fleet fleet, JobId job) {
        return Raw.read(fleet.kafka(), fleet.kafka().topics().control()).stream()
                .flatMap(record -> Records.cancel(record).stream())
                .filter(request -> request.job().equals(job))
                .toList();
    }

    private static List<JobState.Terminal> ends(Fleet fleet, JobId job) {
        return Raw.read(fleet.kafka(), fleet.kafka().topics().states()).stream()
                .flatMap(record -> Records.state(record).stream())
                .filter(state -> state.job().equals(job))
                .filter(JobState.Terminal.class::isInstance)
                .map(JobState.Terminal.class::cast)
                .toList();
    }

    private static ProducerRecord<byte[], byte[]> request(Fleet fleet, JobId job) {
        return Records.cancel(fleet.kafka().topics(), new Cancel(job, "by hand"));
    }

    @OnEveryBroker
    void aJobThatFailedIsSaidToWorkersOnceAndOneThatCompletedIsNot(BrokerKind kind) {
        try (Fleet fleet = Fleet.whole(kind)) {
            FunctionDescription scale = fleet.function("scale");
            JobHandle fails = fleet.submit(scale, Map.of("factor", 1000), ARRAY, 0, new ChunkSize.Count(5));
            assertThat(Fleet.end(fails).end()).isEqualTo(JobState.End.FAILED);
            JobHandle next = fleet.submit(scale, Map.of("factor", 1), ARRAY, 0, new ChunkSize.Count(5));
            assertThat(Fleet.end(next).end()).isEqualTo(JobState.End.COMPLETED);

            assertThat(requests(fleet, fails.id()))
                    .singleElement()
                    .satisfies(request -> assertThat(request.reason())
                            .startsWith("job FAILED: chunk ")
                            .hasSizeLessThan(220));
            assertThat(requests(fleet, next.id())).isEmpty();
            assertThat(ends(fleet, fails.id())).hasSize(1);
        }
    }

    @OnEveryBroker
    void aRequestThatCameFromOutsideIsNotRepeated(BrokerKind kind) {
        try (Fleet fleet = Fleet.whole(kind)) {
            JobHandle job = fleet.accept(fleet.function("identity"), Map.of(), ARRAY, 0, new ChunkSize.Count(4));
            fleet.map().cancel(job.id(), "not wanted");

            assertThat(Fleet.end(job).end()).isEqualTo(JobState.End.CANCELLED);
            JobHandle next = fleet.submit(fleet.function("identity"), Map.of(), ARRAY, 0, new ChunkSize.Count(4));
            assertThat(Fleet.end(next).end()).isEqualTo(JobState.End.COMPLETED);
            assertThat(requests(fleet, job.id())).extracting(Cancel::reason).containsExactly("not wanted");
        }
    }

    @OnEveryBroker
    void aRequestThatCameWhileItsOwnerWasAwayIsDecidedThoughNoChunkWasEverComputed(BrokerKind kind) {
        try (Fleet fleet = Fleet.on(kind)) {
            fleet.aggregator("aggregator-1", fleet.store("results")).close();
            JobHandle job = fleet.accept(IDENTITY, Map.of(), ARRAY, 0, new ChunkSize.Count(4));
            fleet.map().cancel(job.id(), "changed my mind");

            fleet.aggregator("aggregator-2", fleet.store("results"));

            assertThat(Fleet.end(job))
                    .isEqualTo(JobState.Terminal.ended(job.id(), JobState.End.CANCELLED, "changed my mind"));
        }
    }

    @OnEveryBroker
    void aRequestThatIsReadBeforeItsJobIsDecidedWhenTheJobComes(BrokerKind kind) {
        try (Fleet fleet = Fleet.on(kind)) {
            fleet.aggregator("aggregator-1", fleet.store("results"));
            JobHandle witness = fleet.accept(IDENTITY, Map.of(), ARRAY, 0, new ChunkSize.Count(4));
            JobRecord.Spec spec = new Acceptance(
                            Optional.empty(),
                            IDENTITY,
                            Map.of(),
                            "default",
                            Strategy.AUTO,
                            Fold.CONCAT,
                            0,
                            new ChunkSize.Count(4),
                            Limits.NONE)
                    .accept(new NpyHeader(ARRAY.dtype(), ARRAY.shape(), ARRAY.order()), 2, 1_000_000);
            Raw.write(fleet.kafka(), List.of(request(fleet, spec.job()), request(fleet, witness.id())));
            assertThat(Fleet.end(witness).end()).isEqualTo(JobState.End.CANCELLED);

            Raw.write(fleet.kafka(), List.of(Records.spec(fleet.kafka().topics(), spec)));

            await().atMost(Fleet.LONG).until(() -> !ends(fleet, spec.job()).isEmpty());
            assertThat(ends(fleet, spec.job()))
                    .containsExactly(JobState.Terminal.ended(spec.job(), JobState.End.CANCELLED, "by hand"));
        }
    }

    @OnEveryBroker
    void aWorkerHearsOfEachJobOnceWhateverElseLiesInTheTopic(BrokerKind kind) {
        try (Fleet fleet = Fleet.on(kind)) {
            JobId before = new JobId("before");
            JobId after = new JobId("after");
            ProducerRecord<byte[], byte[]> strange =
                    new ProducerRecord<>(fleet.kafka().topics().control(), "x".getBytes(StandardCharsets.UTF_8));
            Raw.write(fleet.kafka(), List.of(request(fleet, before), strange, request(fleet, before)));
            Queue<JobId> heard = new ConcurrentLinkedQueue<>();

            try (CancelledJobs cancelled = new CancelledJobs(fleet.kafka(), "worker-1", heard::add)) {
                await().atMost(Fleet.LONG).until(() -> cancelled.contains(before));
                assertThat(cancelled.contains(after)).isFalse();
                Raw.write(fleet.kafka(), List.of(request(fleet, before), request(fleet, after)));
                await().atMost(Fleet.LONG).until(() -> cancelled.contains(after));

                await().atMost(Fleet.LONG).until(() -> heard.size() >= 2);
                assertThat(new ArrayList<>(heard)).containsExactly(before, after);
            }
        }
    }

    @Test
    void aWorkerThatBeganBeforeItsBrokerHearsAllTheSame(@TempDir Path directory) throws Exception {
        int port = LocalBroker.freePort();
        KafkaSettings kafka = KafkaSettings.at("127.0.0.1:" + port);
        JobId job = new JobId("early");
        try (CancelledJobs cancelled = new CancelledJobs(kafka, "worker-1", _ -> {});
                LocalBroker _ = LocalBroker.start(directory, port, Map.of());
                TopicSetup topics = new TopicSetup(kafka)) {
            topics.create(TopicLayout.DEFAULT);
            Raw.write(kafka, List.of(Records.cancel(kafka.topics(), new Cancel(job, "by hand"))));

            await().atMost(Fleet.LONG).until(() -> cancelled.contains(job));
        }
    }
}
