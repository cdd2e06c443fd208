package io.fanfold.worker.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.testkit.PluginJar;
import io.fanfold.worker.function.FanfoldFunction;
import io.fanfold.worker.function.FunctionRegistry;
import io.fanfold.worker.strategy.Ending;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The child JVM as a worker starts it. */
final class JavaChildTest {
    @TempDir
    private Path files;

    @Test
    void itHasTheBuiltInFunctions() {
        FanfoldFunction sqrt =
                FunctionRegistry.builtIn().find(new FunctionId("sqrt", "1")).orElseThrow();
        ChildSettings settings = new ChildSettings(
                1, 0, JavaChild.command(List.of("-Xmx64m"), Optional.empty()), Duration.ofSeconds(60), 1 << 20);
        try (Nursery nursery = new Nursery(settings)) {
            assertThat(Nursery.doubles(nursery.run(sqrt, Map.of(), 4, 9))).containsExactly(2, 3);
            assertThat(nursery.run(Nursery.java("spin"), Map.of(), 1))
                    .isInstanceOfSatisfying(
                            Ending.Raised.class,
                            raised -> assertThat(raised.message())
                                    .startsWith("the child JVM has no function spin@1; it has [identity@1, "));
        }
    }

    @Test
    void itHasTheFunctionsOfThePlugins() {
        String source = """
            package plug;

            import io.fanfold.worker.function.ElementFunction;
            import java.util.Map;

            public final class Half extends ElementFunction {
                public Half() {
                    super("half@1", "half of x");
                }

                @Override
                protected Kernel kernel(Map<String, Object> parameters) {
                    return each(x -> x / 2);
                }
            }
            """;
        Path jar = PluginJar.build(files, "half.jar", Map.of("plug.Half", source), List.of("plug.Half"));
        FanfoldFunction half = FunctionRegistry.load(jar.getParent())
                .find(new FunctionId("half", "1"))
                .orElseThrow();
        ChildSettings settings = new ChildSettings(
                1, 0, JavaChild.command(List.of("-Xmx64m"), Optional.of(files)), Duration.ofSeconds(60), 1 << 20);
        try (Nursery nursery = new Nursery(settings)) {
            assertThat(Nursery.doubles(nursery.run(half, Map.of(), 3))).containsExactly(1.5);
        }
    }

    /** The others are those of an image, with a heap of half the container, and of somebody who wants it whole from the beginning. */
    @Test
    void itsHeapIsOfItsShareWhateverTheOtherOptionsSay() {
        String source = """
            package plug;

            import io.fanfold.protocol.array.ArraySlice;
            import io.fanfold.protocol.wire.FunctionDescription;
            import io.fanfold.worker.function.ChunkFunction;
            import io.fanfold.worker.function.Doubles;
            import java.util.Map;

            public final class Takes implements ChunkFunction {
                @Override
                public FunctionDescription description() {
                    return FunctionDescription.of("takes@1", "as many MiB as it is told");
                }

                @Override
                public ArraySlice apply(ArraySlice chunk, Map<String, Object> parameters) {
                    byte[][] mibs = new byte[(int) Doubles.of(chunk)[0]][];
                    for (int i = 0; i < mibs.length; i++) {
                        mibs[i] = new byte[1 << 20];
                    }
                    return chunk;
                }
            }
            """;
        Path jar = PluginJar.build(files, "takes.jar", Map.of("plug.Takes", source), List.of("plug.Takes"));
        FanfoldFunction takes = FunctionRegistry.load(jar.getParent())
                .find(new FunctionId("takes", "1"))
                .orElseThrow();
        List<String> options =
                new ArrayList<>(List.of("-Xms512m", "-Xmx512m", "-XX:MaxRAMPercentage=50", "-XX:+UseParallelGC"));
        options.addAll(new ChildMemory(OptionalLong.of(196L << 20)).heap(512L << 20));
        ChildSettings settings = new ChildSettings(
                1, 0, JavaChild.command(options, Optional.of(files)), Duration.ofSeconds(60), 1 << 20);
        try (Nursery nursery = new Nursery(settings)) {
            assertThat(Nursery.doubles(nursery.run(takes, Map.of(), 40))).containsExactly(40);
            assertThat(nursery.count("fanfold.children.crashed")).isZero();
            assertThat(nursery.run(takes, Map.of(), 150))
                    .isEqualTo(new Ending.Crashed(
                            "exit code 3: Terminating due to java.lang.OutOfMemoryError: Java heap space; give it more"
                                    + " memory (--max-child-bytes) or smaller chunks (--chunks)",
                            true));
            assertThat(nursery.count("fanfold.children.crashed")).isOne();
            assertThat(Nursery.doubles(nursery.run(takes, Map.of(), 40))).containsExactly(40);
        }
    }

    @Test
    void itSaysWhyItDoesNotGetReady() {
        List<String> wrong = new java.util.ArrayList<>(JavaChild.command(List.of("-Xmx64m"), Optional.empty()));
        wrong.add("--plug");
        ChildSettings settings = new ChildSettings(1, 0, wrong, Duration.ofSeconds(60), 1 << 20);
        try (Nursery nursery = new Nursery(settings)) {
            assertThat(nursery.run(Nursery.java("identity"), Map.of(), 1))
                    .isInstanceOfSatisfying(Ending.Raised.class, raised -> {
                        assertThat(raised.message()).isEqualTo("arguments are --plug, not --plugins DIR");
                        assertThat(raised.lasting()).isTrue();
                    });
        }
    }

    @Test
    void itEndsWithItsWorkerEvenWhileItComputes() throws Exception {
        Path begun = files.resolve("begun");
        Process child = new ProcessBuilder(TestChild.COMMAND)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        new FrameWriter(child.getOutputStream())
                .write(
                        new Head.Request(
                                1, JobId.generate(), 0, new FunctionId("spin", "1"), Nursery.file(begun), true),
                        Nursery.npy(1));
        await().atMost(Nursery.PATIENCE).until(() -> Files.exists(begun));

        child.getOutputStream().close();

        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void anInterruptOfTheTerminalIsForTheWorker() throws Exception {
        Process child = new ProcessBuilder(TestChild.COMMAND)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        FrameReader answers = new FrameReader(child.getInputStream());
        assertThat(answers.head()).isPresent();
        assertThat(answers.bodyLength()).isZero();

        assertThat(new ProcessBuilder("kill", "-INT", Long.toString(child.pid()))
                        .start()
                        .waitFor())
                .isZero();
        new FrameWriter(child.getOutputStream())
                .write(
                        new Head.Request(3, JobId.generate(), 0, new FunctionId("identity", "1"), Map.of(), false),
                        Nursery.npy(1));

        assertThat(answers.head().orElseThrow())
                .isInstanceOfSatisfying(
                        Head.Done.class, done -> assertThat(done.id()).isEqualTo(3));
        child.destroyForcibly();
    }
}
