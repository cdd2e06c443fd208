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
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.OnEveryBroker;
import io.fanfold.testkit.RandomArrays;
import io.fanfold.worker.Worker;
import io.fanfold.worker.WorkerSettings;
import io.fanfold.worker.function.FunctionRegistry;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;

/** A chunk may take longer than Kafka lets a consumer be silent. */
final class LongChunkIT {
    private static final ArraySlice ARRAY = new RandomArrays(7).of(DType.parse("<f4"), Shape.of(12, 3), Order.C);

    private static WorkerSettings impatient(Fleet fleet) {
        WorkerSettings s = fleet.settings("worker-1");
        Map<String, String> overrides = new HashMap<>(s.kafka().overrides());
        overrides.put("max.poll.interval.ms", "10000"); // longer than a machine that is busy stands still
        KafkaSettings kafka = new KafkaSettings(
                s.kafka().bootstrapServers(), s.kafka().topics(), s.kafka().maxMessageBytes(), overrides);
        return new WorkerSettings(
                kafka, s.name(), s.pool(), s.pools(), s.patience(), s.retries(), s.keepCompletions(), s.purgeEvery());
    }

    @OnEveryBroker
    void aChunkThatTakesLongerThanThePollIntervalMovesNoLaneAndIsComputedOnce(BrokerKind kind) throws Exception {
        try (Fleet fleet = Fleet.on(kind)) {
            Worker worker = fleet.worker(impatient(fleet), FunctionRegistry.builtIn());
            fleet.aggregator("aggregator-1", fleet.store("results"));
            await().atMost(Fleet.LONG).until(() -> worker.lanes() == 6);
            double rebalances = fleet.counted("fanfold.rebalances");

            JobHandle job = fleet.submit(
                    Fleet.request(
                            fleet.function("sleep"), Map.of("ms", 12_000), 0, new ChunkSize.Count(6), Strategy.THREADS),
                    ARRAY);

            assertThat(Files.readAllBytes(Fleet.result(job))).isEqualTo(Npy.encode(ARRAY));
            assertThat(fleet.counted("fanfold.rebalances")).isEqualTo(rebalances);
            assertThat(Raw.read(fleet.kafka(), fleet.kafka().topics().outcomes()))
                    .hasSize(6);
        }
    }
}
