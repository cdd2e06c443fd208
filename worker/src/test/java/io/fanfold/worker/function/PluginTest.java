package io.fanfold.worker.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.testkit.PluginJar;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jars of functions, compiled here and loaded as a worker loads them. */
final class PluginTest {
    private static final String IMPORTS = """
        package plug;

        import io.fanfold.protocol.array.*;
        import io.fanfold.protocol.wire.*;
        import io.fanfold.worker.function.*;
        import java.util.*;
        import java.util.concurrent.*;

        """;

    @TempDir
    private Path plugins;

    /** A function that gives the chunk back; {@code more} goes into the class. */
    private static String chunkFunction(String className, String id, String more) {
        return IMPORTS + """
            public class %s implements ChunkFunction {
                @Override
                public FunctionDescription description() {
                    return FunctionDescription.of("%s", "x");
                }

                @Override
                public ArraySlice apply(ArraySlice chunk, Map<String, Object> parameters) throws Exception {
                    return chunk;
                }

                %s
            }
            """.formatted(className, id, more);
    }

    private static String adding(String id, String expression) {
        return IMPORTS + """
            public final class Add extends ElementFunction {
                public Add() {
                    super("%s", "adds");
                }

                @Override
                protected Kernel kernel(Map<String, Object> parameters) {
                    return each(x -> %s);
                }
            }
            """.formatted(id, expression);
    }

    private void jar(String name, String className, String source) {
        PluginJar.build(plugins, name, Map.of("plug." + className, source), List.of("plug." + className));
    }

    private static List<String> added(FunctionRegistry registry) {
        return registry.descriptions().stream()
                .skip(FunctionRegistry.builtIn().descriptions().size())
                .map(description -> description.id().toString())
                .toList();
    }

    private static FanfoldFunction function(FunctionRegistry registry, String id) {
        return registry.find(FunctionId.parse(id)).orElseThrow();
    }

    private static double[] computed(FanfoldFunction function, double... chunk) throws Exception {
        ArraySlice rows = Functions.doubles(chunk);
        ArraySlice answer = switch (function) {
            case ChunkFunction f -> f.apply(rows, Map.of());
            case AsyncFunction f ->
                f.apply(rows, Map.of()).toCompletableFuture().get();
            case ChildFunction f -> throw new AssertionError(f);
        };
        return Functions.doubles(answer);
    }

    @Test
    void aJarWithFunctionsOfEveryFormIsLoadedInTheOrderOfItsServices() throws Exception {
        String async = IMPORTS + """
            public final class Later implements AsyncFunction {
                @Override
                public FunctionDescription description() {
                    return FunctionDescription.of("later@1", "x").withStrategies(Strategy.ASYNC);
                }

                @Override
                public CompletionStage<ArraySlice> apply(ArraySlice chunk, Map<String, Object> parameters) {
                    return CompletableFuture.supplyAsync(() -> chunk);
                }
            }
            """;
        PluginJar.build(
                plugins,
                "all.jar",
                Map.of(
                        "plug.Later", async,
                        "plug.Add", adding("add@1", "x + 1"),
                        "plug.Same", chunkFunction("Same", "same@1", "")),
                List.of("# those who compute", "plug.Same", "plug.Add # the quick one", "", "plug.Later"));

        FunctionRegistry registry = FunctionRegistry.load(plugins);

        assertThat(added(registry)).containsExactly("same@1", "add@1", "later@1");
        assertThat(computed(function(registry, "same@1"), 1, 2)).containsExactly(1, 2);
        assertThat(computed(function(registry, "add@1"), 1, 2)).containsExactly(2, 3);
        assertThat(computed(function(registry, "later@1"), 1, 2)).containsExactly(1, 2);
    }

    @Test
    void twoJarsCanHoldTheSameClassInTwoVersions() throws Exception {
        jar("add-1.9.jar", "Add", adding("add@1.9", "x + 1"));
        jar("add-1.10.jar", "Add", adding("add@1.10", "x + 2"));

        FunctionRegistry registry = FunctionRegistry.load(plugins);

        assertThat(added(registry)).containsExactly("add@1.10", "add@1.9");
        assertThat(computed(function(registry, "add@1.9"), 1)).containsExactly(2);
        assertThat(computed(function(registry, "add@1.10"), 1)).containsExactly(3);
        assertThat(registry.latest("add")).map(FunctionDescription::id).contains(FunctionId.parse("add@1.10"));
    }

    @Test
    void aDirectoryWithoutJarsAddsNothing() throws Exception {
        Files.writeString(plugins.resolve("README.txt"), "jars go here");

        assertThat(added(FunctionRegistry.load(plugins))).isEmpty();
        assertThat(added(FunctionRegistry.load())).isEmpty();
    }

    @Test
    void aJarWithoutFunctionsIsPassedOver() {
        PluginJar.build(plugins, "a-library.jar", Map.of("lib.Thing", "package lib; public class Thing {}"), List.of());
        jar("b.jar", "Same", chunkFunction("Same", "same@1", ""));

        assertThat(added(FunctionRegistry.load(plugins))).containsExactly("same@1");
    }

    @Test
    void aDirectoryThatIsNotThereIsNamed() {
        refused(plugins.resolve("elsewhere"), "elsewhere", "make it");
    }

    @Test
    void aFileThatIsNoJarIsNamed() throws Exception {
        Files.writeString(plugins.resolve("broken.jar"), "<html>404</html>");

        refused("broken.jar", "is not a jar");
    }

    @Test
    void aClassThatIsNotInTheJarIsNamed() {
        PluginJar.build(plugins, "bad.jar", Map.of(), List.of("plug.Missing"));

        refused("bad.jar", "plug.Missing is not in the jar", "META-INF/services");
    }

    @Test
    void aClassOfTheWorkersOwnIsNotTakenOnceMore() {
        PluginJar.build(plugins, "bad.jar", Map.of(), List.of("io.fanfold.worker.function.Identity"));

        refused("bad.jar", "io.fanfold.worker.function.Identity is on Fanfold's own class path already");
    }

    @Test
    void aClassThatIsNoFunctionIsNamed() {
        jar("bad.jar", "Thing", "package plug; public class Thing {}");

        refused("bad.jar", "plug.Thing is no function", "ChunkFunction");
    }

    @Test
    void aClassThatCannotBeMadeWithoutArgumentsIsNamed() {
        jar("bad.jar", "Same", chunkFunction("Same", "same@1", "public Same(int how) {}"));

        refused("bad.jar", "plug.Same cannot be made", "public constructor without parameters");
    }

    @Test
    void aClassThatIsNotPublicIsNamed() {
        jar("bad.jar", "Same", chunkFunction("Same", "same@1", "").replace("public class", "class"));

        refused("bad.jar", "plug.Same cannot be made", "must be public");
    }

    @Test
    void aConstructorThatThrowsIsNamedWithWhatItThrew() {
        jar(
                "bad.jar",
                "Same",
                chunkFunction("Same", "same@1", "public Same() { throw new IllegalStateException(\"no licence\"); }"));

        refused("bad.jar", "plug.Same", "constructor failed", "IllegalStateException: no licence");
    }

    @Test
    void aStaticInitialiserThatThrowsIsNamedWithWhatItThrew() {
        jar("bad.jar", "Same", chunkFunction("Same", "same@1", "static final int N = Integer.parseInt(\"many\");"));

        refused("bad.jar", "plug.Same cannot be loaded", "static initialiser", "NumberFormatException", "many");
    }

    @Test
    void aLibraryThatTheJarLacksIsNamed() throws Exception {
        Path whole = PluginJar.build(
                plugins,
                "whole.jar",
                Map.of(
                        "plug.Lib",
                        "package plug; public class Lib {}",
                        "plug.Same",
                        chunkFunction("Same", "same@1", "public Lib lib() { return new Lib(); }")
                                .replace("implements ChunkFunction", "extends Lib implements ChunkFunction")),
                List.of("plug.Same"));
        rewritten(whole, "bad.jar", "plug/Lib.class", _ -> Optional.empty());
        Files.delete(whole);

        refused("bad.jar", "plug.Same needs a class that is not there", "plug/Lib");
    }

    @Test
    void aClassForANewerJavaIsNamedWithTheRemedy() throws Exception {
        jar("new.jar", "Same", chunkFunction("Same", "same@1", ""));
        Path built = plugins.resolve("new.jar");
        rewritten(built, "newer.jar", "plug/Same.class", code -> {
            code[7]++; // the class file's major version
            return Optional.of(code);
        });
        Files.delete(built);

        refused("newer.jar", "plug.Same was compiled for a newer Java", "--release");
    }

    @Test
    void aFunctionWithoutADescriptionIsNamed() {
        String none = chunkFunction("Same", "same@1", "")
                .replace("return FunctionDescription.of(\"same@1\", \"x\");", "return null;");
        jar("bad.jar", "Same", none);

        refused("bad.jar", "plug.Same has no description", "null");
    }

    @Test
    void aDescriptionThatIsWrongIsNamedWithWhatIsWrong() {
        jar("bad.jar", "Same", chunkFunction("Same", "two words@1", ""));

        refused("bad.jar", "plug.Same has no description", "\"two words\"");
    }

    @Test
    void twoJarsWithTheSameFunctionAreBothNamed() {
        jar("one.jar", "Add", adding("add@1", "x + 1"));
        jar("two.jar", "Add", adding("add@1", "x + 2"));

        refused("two functions are add@1", "plug.Add in ", "one.jar", "two.jar");
    }

    @Test
    void aFunctionThatIsBuiltInIsNotReplaced() {
        jar("bad.jar", "Same", chunkFunction("Same", "sqrt@1", ""));

        refused("two functions are sqrt@1", "bad.jar", "FloatFunction");
    }

    @Test
    void functionsOnTheClassPathAreFoundByTheServiceLoader() throws Exception {
        Path jar = PluginJar.build(
                plugins, "embedded.jar", Map.of("plug.Add", adding("add@1", "x + 1")), List.of("plug.Add"));
        String path = jar + File.pathSeparator + System.getProperty("java.class.path");
        String main = """
            public final class Shown {
                public static void main(String[] args) {
                    io.fanfold.worker.function.FunctionRegistry.load().descriptions()
                            .forEach(d -> System.out.println(d.id()));
                }
            }
            """;
        Path source = Files.writeString(plugins.resolve("Shown.java"), main);
        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        path,
                        source.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(said.lines()).contains("identity@1", "add@1");
        assertThat(java.waitFor()).isZero();
    }

    private void refused(String... words) {
        refused(plugins, words);
    }

    private static void refused(Path directory, String... words) {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> FunctionRegistry.load(directory))
                .withMessageContainingAll(words)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    /** A copy of a jar with one entry changed, or left out. */
    private void rewritten(Path jar, String name, String changed, Function<byte[], Optional<byte[]>> change)
            throws IOException {
        try (JarFile from = new JarFile(jar.toFile());
                OutputStream file = Files.newOutputStream(plugins.resolve(name));
                JarOutputStream to = new JarOutputStream(file)) {
            for (JarEntry each : Collections.list(from.entries())) {
                byte[] bytes = from.getInputStream(each).readAllBytes();
                Optional<byte[]> written = each.getName().equals(changed) ? change.apply(bytes) : Optional.of(bytes);
                if (written.isPresent()) {
                    to.putNextEntry(new JarEntry(each.getName()));
                    to.write(written.get());
                }
            }
        }
    }
}
