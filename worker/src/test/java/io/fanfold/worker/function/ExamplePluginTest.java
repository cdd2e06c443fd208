package io.fanfold.worker.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.fold.FoldFunction;
import io.fanfold.protocol.fold.FoldTree;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.protocol.wire.WireException;
import io.fanfold.testkit.PluginJar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The plugin in the documentation, built from exactly the sources that stand there. */
final class ExamplePluginTest {
    private static final Path SOURCES = Path.of("..", "docs", "examples", "plugin", "src", "main");
    private static final List<String> SERVICES =
            List.of("io.fanfold.worker.function.FanfoldFunction", "io.fanfold.protocol.fold.FoldFunction");

    private static FunctionRegistry registry;

    @BeforeAll
    static void install(@TempDir Path plugins) throws IOException {
        try (Stream<Path> files = Files.list(SOURCES.resolve("java/example"))) {
            Map<String, String> sources =
                    files.collect(Collectors.toMap(ExamplePluginTest::className, ExamplePluginTest::read));
            PluginJar.build(
                    plugins,
                    "example-functions.jar",
                    sources,
                    SERVICES.stream().collect(Collectors.toMap(s -> s, ExamplePluginTest::classes)));
        }
        registry = FunctionRegistry.load(plugins);
    }

    private static List<String> classes(String service) {
        return read(SOURCES.resolve("resources/META-INF/services").resolve(service))
                .lines()
                .toList();
    }

    private static String className(Path file) {
        return "example." + file.getFileName().toString().replace(".java", "");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FunctionDescription description(String name) {
        return registry.latest(name).orElseThrow();
    }

    private static double[] computed(String name, Map<String, ?> given, ArraySlice chunk) throws Exception {
        FunctionDescription description = description(name);
        Map<String, Object> parameters = description.resolve(given);
        ArraySlice answer = switch (registry.find(description.id()).orElseThrow()) {
            case ChunkFunction f -> f.apply(chunk, parameters);
            case AsyncFunction f ->
                f.apply(chunk, parameters).toCompletableFuture().get();
            case ChildFunction f -> throw new AssertionError(f);
        };
        return Doubles.of(answer);
    }

    @Test
    void everyFunctionOfTheExampleIsOffered() {
        assertThat(registry.descriptions())
                .extracting(FunctionDescription::id)
                .endsWith(FunctionId.parse("power@1"), FunctionId.parse("row-norms@1"), FunctionId.parse("later@1"));
    }

    @Test
    void varianceIsThatOfAllElementsHoweverTheyAreCut() {
        FoldFunction variance = registry.folds().find(new Fold("variance")).orElseThrow();
        FoldTree<ArraySlice> tree = new FoldTree<>(variance::combine);

        tree.add(variance.part(Functions.doubles(1, 2), 0));
        tree.add(variance.part(Functions.doubles(4), 0));
        tree.add(variance.part(Functions.doubles(), 0));
        tree.add(variance.part(Functions.bytes("|u1", 7, 11), 0));

        ArraySlice result = variance.result(tree.whole().orElseThrow(), 5);
        assertThat(result.shape()).isEqualTo(Shape.of());
        assertThat(Doubles.of(result)[0]).isCloseTo(13.2, within(1e-12));
    }

    @Test
    void powerRaisesEachElement() throws Exception {
        assertThat(computed("power", Map.of(), Functions.doubles(1, 2, 3))).containsExactly(1, 4, 9);
        assertThat(computed("power", Map.of("exponent", "0.5"), Functions.bytes("|u1", 4, 9)))
                .containsExactly(2, 3);
    }

    @Test
    void powerRefusesANegativeExponentWhenTheJobIsAccepted() {
        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> description("power").resolve(Map.of("exponent", -1)))
                .withMessageContaining("at least 0");
    }

    @Test
    void rowNormsGivesTheLengthOfEachRow() throws Exception {
        assertThat(computed("row-norms", Map.of(), Doubles.array(Shape.of(3, 2), 3, 4, 0, 0, -5, 12)))
                .containsExactly(5, 0, 13);
        assertThat(computed("row-norms", Map.of(), Doubles.array(Shape.of(0, 2))))
                .isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> computed("row-norms", Map.of(), Functions.doubles(1, 2)))
                .withMessageContaining("(2,)");
    }

    @Test
    void laterGivesTheChunkBackAndRunsAsyncOnly() throws Exception {
        assertThat(computed("later", Map.of("ms", 1), Functions.doubles(7))).containsExactly(7);
        assertThat(description("later").runs(Strategy.ASYNC)).isTrue();
        assertThat(description("later").runs(Strategy.THREADS)).isFalse();
    }
}
