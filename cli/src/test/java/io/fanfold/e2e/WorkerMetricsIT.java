package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.split.ChunkSize;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.RandomArrays;
import io.fanfold.testkit.TestBroker;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a worker says of itself over HTTP. */
final class WorkerMetricsIT {
    private static final ArraySlice ARRAY = new RandomArrays(13).of(DType.parse("<f8"), Shape.of(12, 100), Order.C);

    @Test
    void aWorkerSaysWhetherItLivesWhetherItIsReadyAndWhatItHasDone() {
        KafkaSettings kafka = TestBroker.of(BrokerKind.IN_JVM).freshFleet();
        try (Fleet fleet = Fleet.on(kafka);
                WorkerJvm worker = WorkerJvm.start(kafka, "--unknown-function-grace", "600")) {
            fleet.aggregator("aggregator-1", fleet.store("results"));
            await().atMost(Fleet.LONG).until(() -> worker.metric("fanfold_lanes") == 6);
            assertThat(worker.get("/health/liveness")).contains("\"status\":\"UP\"", "worker-loop");
            assertThat(worker.get("/health/readiness")).contains("\"lanes\":6", "\"withoutFunction\":0");

            JobHandle sleep = submit(fleet, fleet.function("sleep"), Map.of("ms", 1000), Strategy.AUTO);
            JobHandle sqrt = submit(fleet, fleet.function("sqrt"), Map.of(), Strategy.THREADS);
            assertThat(Fleet.end(sleep).end()).isEqualTo(JobState.End.COMPLETED);
            assertThat(Fleet.end(sqrt).end()).isEqualTo(JobState.End.COMPLETED);

            assertThat(worker.metric("fanfold_chunks_computed_total")).isEqualTo(24);
            String scrape = worker.get("/prometheus");
            assertThat(expected().filter(line -> !scrape.contains(line)).toList())
                    .as("what /prometheus does not show")
                    .isEmpty();
            assertThat(worker.metric("fanfold_rebalances_total")).isGreaterThan(0);
            awaitNothingLeft(worker);

            holdsAChunkWithoutItsFunction(fleet, worker);
            countsWhatFails(fleet, worker);
        }
    }

    private static Stream<String> expected() {
        Stream<String> ofEachLane = IntStream.range(0, 6)
                .mapToObj(lane -> "partition=\"" + lane + "\"}")
                .flatMap(lane -> Stream.of(
                        "fanfold_lane_waiting{" + lane,
                        "fanfold_lane_running{" + lane,
                        "fanfold_lane_held_bytes{" + lane,
                        "fanfold_lane_ledger_width{" + lane,
                        "fanfold_lane_pool_size{" + lane,
                        "fanfold_lane_paused_seconds_sum{" + lane,
                        "fanfold_chunk_wait_seconds_count{" + lane,
                        "fanfold_chunks_computed_total{function=\"sqrt@1\"," + lane));
        Stream<String> ofTheWorker = Stream.of(
                "fanfold_chunks_bytes_total{direction=\"in\",function=\"sqrt@1\"}",
                "fanfold_chunks_bytes_total{direction=\"out\",function=\"sqrt@1\"}",
                "fanfold_chunk_wall_seconds_count{function=\"sqrt@1\"} 12",
                "fanfold_chunk_cpu_seconds_count{function=\"sqrt@1\"} 12",
                "fanfold_auto_choices_total{function=\"sleep@1\",strategy=\"async\"}",
                "fanfold_auto_limit{function=\"sleep@1\"}",
                "fanfold_auto_cpu_share{function=\"sqrt@1\"}",
                "fanfold_calls_abandoned_total 0",
                "fanfold_chunks_lost_total 0");
        return Stream.concat(ofEachLane, ofTheWorker);
    }

    private static JobHandle submit(
            Fleet fleet, FunctionDescription function, Map<String, ?> parameters, Strategy strategy) {
        return fleet.submit(Fleet.request(function, parameters, 0, new ChunkSize.Count(12), strategy), ARRAY);
    }

    private static void awaitNothingLeft(WorkerJvm worker) {
        await().atMost(Fleet.LONG)
                .until(() -> worker.metric("fanfold_lane_running") == 0
                        && worker.metric("fanfold_lane_held_bytes") == 0
                        && worker.metric("fanfold_lane_ledger_width") == 0);
    }

    private static void holdsAChunkWithoutItsFunction(Fleet fleet, WorkerJvm worker) {
        FunctionDescription unheard =
                new FunctionDescription(new FunctionId("unheard", "7"), "", "same", Map.of("any", "same"), List.of());
        JobHandle job = submit(fleet, unheard, Map.of(), Strategy.AUTO);
        await().atMost(Fleet.LONG).until(() -> worker.metric("fanfold_chunks_unknown_function") == 12);
        assertThat(worker.get("/health/readiness")).contains("\"status\":\"DOWN\"", "\"withoutFunction\":12");
        assertThat(worker.get("/health/liveness")).contains("\"status\":\"UP\"");
        fleet.map().cancel(job.id(), "seen enough");
        assertThat(Fleet.end(job).end()).isEqualTo(JobState.End.CANCELLED);
        await().atMost(Fleet.LONG).until(() -> worker.get("/health/readiness").contains("\"withoutFunction\":0"));
    }

    private static void countsWhatFails(Fleet fleet, WorkerJvm worker) {
        ArraySlice bytes = new RandomArrays(14).of(DType.parse("|i1"), Shape.of(12, 2), Order.C);
        JobHandle job =
                fleet.submit(fleet.function("scale"), Map.of("factor", 1000), bytes, 0, new ChunkSize.Count(12));
        assertThat(Fleet.end(job).end()).isEqualTo(JobState.End.FAILED);
        await().atMost(Fleet.LONG).until(() -> worker.metric("fanfold_chunks_failed_total") > 0);
    }
}
