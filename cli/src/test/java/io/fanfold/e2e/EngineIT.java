package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.split.ChunkSize;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.OnEveryBroker;
import io.fanfold.testkit.RandomArrays;
import io.fanfold.worker.WorkerSettings;
import io.fanfold.worker.function.FunctionRegistry;
import io.fanfold.worker.process.JavaChild;
import java.nio.file.Files;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How a chunk is run does not show in its result. */
final class EngineIT {
    private static final long SEED = 20260301;

    /** A map, and the array that goes through it. */
    private record Case(String function, Map<String, ?> parameters, ArraySlice array, int axis) {}

    private static List<Case> cases() {
        RandomArrays random = new RandomArrays(SEED);
        Shape shape = Shape.of(11, 7);
        return List.of(
                new Case("sqrt", Map.of(), random.of(DType.parse("<f8"), shape, Order.C), 0),
                new Case("sqrt", Map.of(), random.of(DType.parse(">f4"), shape, Order.FORTRAN), 1),
                new Case("scale", Map.of("factor", 3), random.of(DType.parse("<i8"), shape, Order.FORTRAN), 0),
                new Case("scale", Map.of("factor", 0.5), random.of(DType.parse("<c16"), shape, Order.C), 1),
                new Case("identity", Map.of(), random.of(DType.parse(">U5"), shape, Order.C), 1),
                new Case("identity", Map.of(), random.of(DType.parse("<M8[ns]"), Shape.of(3, 0), Order.C), 0));
    }

    private static WorkerSettings withChildren(Fleet fleet) {
        WorkerSettings s = fleet.settings("worker-1");
        List<String> child = JavaChild.command(List.of("-Xmx128m"), Optional.empty());
        return new WorkerSettings(
                s.kafka(),
                s.name(),
                s.pool(),
                new WorkerSettings.Pools(2, 2, 0, child),
                s.patience(),
                s.retries(),
                s.keepCompletions(),
                s.purgeEvery());
    }

    @OnEveryBroker
    void everyStrategyGivesTheSameBytes(BrokerKind kind) throws Exception {
        try (Fleet fleet = Fleet.on(kind)) {
            fleet.worker(withChildren(fleet), FunctionRegistry.builtIn());
            fleet.aggregator("aggregator-1", fleet.store("results"));
            for (Case one : cases()) {
                Map<Strategy, JobHandle> jobs = new EnumMap<>(Strategy.class);
                for (Strategy strategy : Strategy.values()) {
                    jobs.put(
                            strategy,
                            fleet.submit(
                                    Fleet.request(
                                            fleet.function(one.function()),
                                            one.parameters(),
                                            one.axis(),
                                            new ChunkSize.Count(5),
                                            strategy),
                                    one.array()));
                }
                byte[] expected = one.function().equals("identity")
                        ? Npy.encode(one.array())
                        : Files.readAllBytes(Fleet.result(jobs.get(Strategy.THREADS)));
                for (Map.Entry<Strategy, JobHandle> job : jobs.entrySet()) {
                    assertThat(Files.readAllBytes(Fleet.result(job.getValue())))
                            .as("seed %d, %s of %s, strategy %s", SEED, one.function(), one.array(), job.getKey())
                            .isEqualTo(expected);
                }
            }
        }
    }
}
