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
import io.fanfold.protocol.npy.NpyHeader;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.OnEveryBroker;
import io.fanfold.testkit.RandomArrays;
import io.fanfold.worker.Worker;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;

/** A lane that is full and slow holds up no other. */
final class SlowLaneIT {
    private static final String HELD = "fanfold.lane.held.bytes";
    /** More than a lane's budget in the tests' heap, of which each of six has a forty-eighth. */
    private static final ArraySlice MUCH = new RandomArrays(8).of(DType.parse("<f8"), Shape.of(40, 125_000), Order.C);

    private static final ArraySlice ARRAY = new RandomArrays(9).of(DType.parse("<f8"), Shape.of(200, 5), Order.C);

    private static JobHandle job(
            Fleet fleet, String function, Map<String, ?> parameters, ArraySlice array, int chunks, Strategy strategy) {
        return fleet.map()
                .accept(
                        new NpyHeader(array.dtype(), array.shape(), array.order()),
                        Fleet.request(fleet.function(function), parameters, 0, new ChunkSize.Count(chunks), strategy));
    }

    @OnEveryBroker
    void aLaneThatIsFullHoldsUpNoOther(BrokerKind kind) throws Exception {
        for (Strategy strategy : List.of(Strategy.THREADS, Strategy.ASYNC)) {
            try (Fleet fleet = Fleet.on(kind)) {
                Worker worker = fleet.worker("worker-1");
                fleet.aggregator("aggregator-1", fleet.store("results"));
                await().atMost(Fleet.LONG).until(() -> worker.lanes() == 6);
                JobHandle slow = job(fleet, "sleep", Map.of("ms", 600_000), MUCH, 40, strategy);
                fleet.writeByHand(slow, MUCH, _ -> 0);
                await().atMost(Fleet.LONG)
                        .until(() -> fleet.gauged(HELD) >= Runtime.getRuntime().maxMemory() / 48.0);

                JobHandle quick = job(fleet, "identity", Map.of(), ARRAY, 100, strategy);
                fleet.writeByHand(quick, ARRAY, i -> 1 + i % 5);

                assertThat(Files.readAllBytes(Fleet.result(quick))).isEqualTo(Npy.encode(ARRAY));
                assertThat(slow.progress().done()).isZero();
                assertThat(fleet.gauged("fanfold.lane.waiting") + fleet.gauged("fanfold.lane.running"))
                        .isLessThan(40);
                fleet.map().cancel(slow.id(), "seen enough");
                Fleet.end(slow);
                await().atMost(Fleet.LONG).until(() -> fleet.gauged(HELD) == 0);
            }
        }
    }

    @OnEveryBroker
    void aJobThatHasJustComeBeginsBesideThoseThatRun(BrokerKind kind) throws Exception {
        try (Fleet fleet = Fleet.on(kind)) {
            Worker worker = fleet.worker("worker-1");
            fleet.aggregator("aggregator-1", fleet.store("results"));
            await().atMost(Fleet.LONG).until(() -> worker.lanes() == 6);
            JobHandle slow = job(fleet, "sleep", Map.of("ms", 600_000), ARRAY, 60, Strategy.THREADS);
            fleet.writeByHand(slow, ARRAY, i -> i % 6);
            await().atMost(Fleet.LONG).until(() -> fleet.gauged("fanfold.lane.running") == 6);

            for (int lane = 0; lane < 6; lane++) {
                int here = lane;
                JobHandle quick = job(fleet, "identity", Map.of(), ARRAY, 1, Strategy.THREADS);
                fleet.writeByHand(quick, ARRAY, _ -> here);
                assertThat(Files.readAllBytes(Fleet.result(quick))).isEqualTo(Npy.encode(ARRAY));
            }
            await().atMost(Fleet.LONG).until(() -> fleet.gauged("fanfold.lane.running") == 6);
            fleet.map().cancel(slow.id(), "enough");
        }
    }
}
