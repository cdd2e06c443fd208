package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fanfold.aggregator.AggregatorSettings;
import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.dispatch.Acceptance;
import io.fanfold.producer.dispatch.Limits;
import io.fanfold.producer.split.ChunkSize;
import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.fold.Folds;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.ErrorPolicy;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.Outcome;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.NumPy;
import io.fanfold.testkit.OnEveryBroker;
import io.fanfold.testkit.PluginJar;
import io.fanfold.testkit.RandomArrays;
import io.fanfold.worker.function.FunctionRegistry;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a fleet folds is what NumPy reduces, whoever made the parts and however many they were. */
final class FoldIT {
    private static final int CASES = 150;
    private static final long SEED = Long.getLong("fanfold.test.seed", System.nanoTime());
    private static final Path EXAMPLE = Path.of("..", "docs", "examples", "plugin", "src", "main", "java", "example");

    @TempDir
    private Path directory;

    private static JobHandle submit(Fleet fleet, String fold, ArraySlice array, int axis, int chunks) {
        return fleet.submit(request(fleet.function("identity"), fold, axis, chunks), array);
    }

    private static Acceptance request(FunctionDescription function, String fold, int axis, int chunks) {
        return new Acceptance(
                Optional.empty(),
                function,
                Map.of(),
                "default",
                Strategy.AUTO,
                new Fold(fold),
                new ErrorPolicy.FailFast(),
                axis,
                new ChunkSize.Count(chunks),
                Limits.NONE);
    }

    @OnEveryBroker
    void everyFoldOfAFleetIsNumPysReduction(BrokerKind kind) throws Exception {
        NumPy numPy = NumPy.here();
        numPy.run(script("fold_arrays.py"), directory.toString(), Long.toString(SEED), Integer.toString(CASES));
        try (Fleet fleet = Fleet.whole(kind);
                Arena arena = Arena.ofShared()) {
            List<String[]> cases = Files.readAllLines(directory.resolve("cases.txt")).stream()
                    .map(line -> line.split(" ", -1))
                    .toList();
            RandomArrays random = new RandomArrays(SEED);
            List<JobHandle> jobs = new ArrayList<>();
            for (String[] c : cases) {
                ArraySlice array = Npy.map(directory.resolve(c[0] + ".npy"), arena);
                jobs.add(submit(fleet, c[1], array, Integer.parseInt(c[2]), 1 + random.below(12)));
            }
            for (int i = 0; i < CASES; i++) {
                keep(cases.get(i)[0], jobs.get(i));
            }
        }
        assertThat(numPy.run(script("fold_compare.py"), directory.toString()).strip())
                .as("seed %d", SEED)
                .isEqualTo(CASES + " compared");
    }

    private static String script(String name) throws IOException {
        return Files.readString(Path.of("src/test/fixtures", name));
    }

    private void keep(String number, JobHandle job) throws IOException {
        JobState.Terminal end = Fleet.end(job);
        if (end.result().isPresent()) {
            Files.copy(Fleet.result(job), directory.resolve("folded-" + number + ".npy"));
        } else {
            Files.writeString(directory.resolve("refused-" + number + ".npy"), end.toString());
        }
    }

    private static ArraySlice numbers() {
        double[] numbers = new Random(SEED).doubles(60_000, -1e6, 1e6).toArray();
        return new ArraySlice(DType.parse("<f8"), Shape.of(20_000, 3), Order.C, MemorySegment.ofArray(numbers));
    }

    @Test
    void theSamePlanGivesTheSameBitsWhateverTheNumberOfWorkersAndWhoeverMakesTheParts() throws Exception {
        List<byte[]> results = new ArrayList<>();
        try (Fleet fleet = Fleet.whole(BrokerKind.IN_JVM)) {
            results.add(Files.readAllBytes(Fleet.result(submit(fleet, "sum", numbers(), 0, 101))));
            fleet.worker("worker-2");
            fleet.worker("worker-3");
            for (int i = 0; i < 3; i++) {
                results.add(Files.readAllBytes(Fleet.result(submit(fleet, "sum", numbers(), 0, 101))));
            }
        }
        try (Fleet fleet = Fleet.on(BrokerKind.IN_JVM)) {
            fleet.worker(
                    fleet.settings("knows-no-fold"), FunctionRegistry.builtIn().with(Folds.of(List.of())));
            fleet.aggregator("aggregator-1", fleet.store("results"));
            JobHandle job = submit(fleet, "sum", numbers(), 0, 101);
            results.add(Files.readAllBytes(Fleet.result(job)));
            assertThat(Jobs.outcomes(fleet, job))
                    .hasSize(101)
                    .allSatisfy(outcome -> assertThat(((Outcome.Computed) outcome).foldedRows())
                            .isEmpty());
        }

        assertThat(results)
                .as("seed %d", SEED)
                .allSatisfy(bytes -> assertThat(bytes).isEqualTo(results.getFirst()));
    }

    @Test
    void workersSendPartsNotAnswers() throws Exception {
        try (Fleet fleet = Fleet.whole(BrokerKind.IN_JVM)) {
            JobHandle job = submit(fleet, "mean:all", numbers(), 0, 8);

            assertThat(Fleet.end(job).result()).isPresent();
            assertThat(Jobs.outcomes(fleet, job)).hasSize(8).allSatisfy(outcome -> {
                Outcome.Computed part = (Outcome.Computed) outcome;
                assertThat(part.foldedRows()).hasValue(2500);
                assertThat(part.npy().remaining()).isLessThan(300);
            });
        }
    }

    @Test
    void aPluginsFoldIsMadeByWorkersAndAggregator() throws Exception {
        NumPy numPy = NumPy.here();
        Path plugins = example();
        try (Fleet fleet = Fleet.on(BrokerKind.IN_JVM)) {
            fleet.worker(fleet.settings("worker-1"), FunctionRegistry.load(plugins));
            fleet.aggregator(
                    new AggregatorSettings(fleet.kafka(), "aggregator-1", fleet.store("results"), Optional.empty())
                            .with(Folds.load(plugins)));
            ArraySlice numbers = numbers();
            Path in = Files.write(directory.resolve("x.npy"), Npy.encode(numbers));

            Path result = Fleet.result(submit(fleet, "variance", numbers, 0, 7));

            String near = "import sys, numpy as np; x, v = map(np.load, sys.argv[1:]);"
                    + " print(v.shape, v.dtype, np.isclose(np.var(x), v, rtol=1e-12))";
            assertThat(numPy.run(near, in.toString(), result.toString()).strip())
                    .as("seed %d", SEED)
                    .isEqualTo("() float64 True");
        }
    }

    private Path example() throws IOException {
        PluginJar.build(
                directory,
                "example.jar",
                Map.of("example.Variance", Files.readString(EXAMPLE.resolve("Variance.java"))),
                Map.of("io.fanfold.protocol.fold.FoldFunction", List.of("example.Variance")));
        return directory;
    }

    @Test
    void aFoldThatTheAggregatorDoesNotHaveFailsTheJobAndIsNamed() {
        try (Fleet fleet = Fleet.whole(BrokerKind.IN_JVM)) {
            JobState.Terminal end = Fleet.end(submit(fleet, "acme:quantiles", numbers(), 0, 3));

            assertThat(end.end()).isEqualTo(JobState.End.FAILED);
            assertThat(end.toString()).contains("acme:quantiles", "sum:all", "--plugins");
        }
    }

    @Test
    void whatAFoldDoesNotTakeIsRefusedBeforeThereIsAJob() {
        ArraySlice text = new RandomArrays(SEED).of(DType.parse("<U3"), Shape.of(10), Order.C);
        try (Fleet fleet = Fleet.whole(BrokerKind.IN_JVM)) {
            assertThatExceptionOfType(InvalidRequestException.class)
                    .isThrownBy(() -> submit(fleet, "max", text, 0, 3))
                    .withMessageContainingAll("identity answers str96", "fold max does not take");
        }
    }
}
