package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.split.ChunkSize;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.wire.FunctionProfile;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.Records;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.OnEveryBroker;
import io.fanfold.testkit.RandomArrays;
import io.fanfold.worker.Worker;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** What {@code auto} has learned of a function outlives the worker that learned it. */
final class WarmStartIT {
    private static final ArraySlice ARRAY = new RandomArrays(12).of(DType.parse("<c16"), Shape.of(120, 100), Order.C);

    /** What the functions topic says last of how a function has run. */
    private static Optional<FunctionProfile> profile(Fleet fleet, String function) {
        return Raw.read(fleet.kafka(), fleet.kafka().topics().functions()).stream()
                .flatMap(record -> Records.offer(record).stream())
                .filter(offer -> offer.function().id().name().equals(function))
                .reduce((_, last) -> last)
                .flatMap(offer -> offer.profile());
    }

    /** Nanoseconds that a byte takes; 0 where nobody has said. */
    private static double costs(Fleet fleet, String function) {
        return profile(fleet, function)
                .map(FunctionProfile::nanosPerByte)
                .orElse(OptionalDouble.empty())
                .orElse(0);
    }

    private static void run(Fleet fleet, String function, Map<String, ?> parameters, int chunks) {
        JobHandle job = fleet.submit(fleet.function(function), parameters, ARRAY, 0, new ChunkSize.Count(chunks));
        assertThat(Fleet.end(job).end()).isEqualTo(JobState.End.COMPLETED);
    }

    @OnEveryBroker
    void aNewWorkerKnowsFromItsFirstChunkHowAFunctionRuns(BrokerKind kind) {
        try (Fleet fleet = Fleet.on(kind)) {
            fleet.aggregator("aggregator-1", fleet.store("results"));
            try (Worker _ = fleet.worker("worker-1")) {
                run(fleet, "sleep", Map.of("ms", 1000), 12);
                run(fleet, "mandelbrot", Map.of("iterations", 20_000), 12);
                await().atMost(Fleet.LONG)
                        .until(() -> profile(fleet, "sleep").isPresent()
                                && profile(fleet, "mandelbrot").isPresent());
                await().atMost(Fleet.LONG).until(() -> costs(fleet, "mandelbrot") > 0);
            }
            assertThat(profile(fleet, "sleep").orElseThrow().cpuShare()).isLessThan(0.3);
            assertThat(profile(fleet, "mandelbrot").orElseThrow().cpuShare()).isGreaterThan(0.5);
            double chosen = fleet.counted("fanfold.auto.choices");
            assertThat(chosen).isGreaterThanOrEqualTo(2);

            Worker second = fleet.worker("worker-2");
            await().atMost(Fleet.LONG).until(() -> second.lanes() == 6);
            // more than the threads of all lanes could run at once
            JobHandle job =
                    fleet.submit(fleet.function("sleep"), Map.of("ms", 600_000), ARRAY, 0, new ChunkSize.Count(120));
            await().atMost(Fleet.LONG).until(() -> fleet.gauged("fanfold.lane.running") == 120);

            fleet.map().cancel(job.id(), "seen enough");
            assertThat(Fleet.end(job).end()).isEqualTo(JobState.End.CANCELLED);
            assertThat(fleet.counted("fanfold.auto.choices")).isEqualTo(chosen);
            assertThat(profile(fleet, "sleep"))
                    .as("a new worker's offer keeps it")
                    .isPresent();
            assertThat(costs(fleet, "mandelbrot")).isPositive();
        }
    }
}
