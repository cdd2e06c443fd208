package io.fanfold.e2e;

import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.testkit.PluginJar;
import io.fanfold.worker.function.FanfoldFunction;
import io.fanfold.worker.function.FunctionRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Functions for tests of crashes, compiled here as a plugin. They take int64 and know a chunk by its first element.
 *
 * <ul>
 *   <li>{@code deadly@1}: the chunk {@code at} ends its process by {@code mode}: exit, heap, kill or halt; or, as much, takes 120 MB for a moment
 *   <li>{@code tally@1}: writes its start and its end to the file {@code log} ({@link Tally}) and takes {@code ms}; the chunk {@code
 *       gated} does not end before the file {@code gate} is there
 *   <li>{@code flaky@1}: of the chunk {@code at}, tries 1 and 2 raise an error, try 3 waits for {@code gate}, and the others raise
 *       one where {@code fails}; tries are written to {@code log}
 *   <li>{@code waiting@1}: ends when the file {@code gate} is there, for which one thread looks, however many chunks wait
 *   <li>{@code which@V}: answers V for each element
 *   <li>{@code brittle@1}: 3x + 1; the chunks {@code fails}, a list such as {@code 4,10}, raise an error; where {@code odd}, only the
 *       odd elements are answered. {@code brittle@2} is the same and raises none
 * </ul>
 */
final class Plugins {
    private static final String HEAD = """
        package plug;

        import io.fanfold.protocol.array.*;
        import io.fanfold.protocol.wire.*;
        import io.fanfold.worker.function.*;
        import java.io.IOException;
        import java.lang.foreign.*;
        import java.nio.file.*;
        import java.util.*;
        import java.util.concurrent.*;

        """;

    private static final String LOG = HEAD + """
        final class Log {
            static long first(ArraySlice chunk) {
                return chunk.data().get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
            }

            static void write(String log, String what, long first) throws IOException {
                ProcessHandle me = ProcessHandle.current();
                String line = what + " " + first + " " + me.pid() + " " + me.parent().orElseThrow().pid() + " "
                        + System.currentTimeMillis() + "\\n";
                Files.writeString(Path.of(log), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }

            static void await(String gate) throws InterruptedException {
                while (!Files.exists(Path.of(gate))) {
                    Thread.sleep(20);
                }
            }
        }
        """;

    private static final String DEADLY = HEAD + """
        public final class Deadly implements ChunkFunction {
            private static final Parameter AT = Parameter.required("at", Parameter.Type.INTEGER, "x");
            private static final Parameter MODE = Parameter.required("mode", Parameter.Type.STRING, "x");

            @Override
            public FunctionDescription description() {
                return FunctionDescription.of("deadly@1", "x").withParameters(AT, MODE);
            }

            @Override
            public ArraySlice apply(ArraySlice chunk, Map<String, Object> parameters) throws Exception {
                if (Log.first(chunk) == AT.whole(parameters)) {
                    die(MODE.text(parameters));
                }
                return chunk;
            }

            private static void die(String mode) throws Exception {
                switch (mode) {
                    case "exit" -> System.exit(7);
                    case "halt" -> Runtime.getRuntime().halt(9);
                    case "kill" -> {
                        new ProcessBuilder("kill", "-9", "" + ProcessHandle.current().pid()).start().waitFor();
                        Thread.sleep(60_000);
                    }
                    case "heap" -> {
                        List<long[]> all = new ArrayList<>();
                        while (true) {
                            all.add(new long[1_000_000]);
                        }
                    }
                    case "much" -> {
                        long[][] much = new long[15][1_000_000];
                        much[14][0] = 1;
                    }
                    default -> throw new IllegalArgumentException(mode);
                }
            }
        }
        """;

    private static final String TALLY = HEAD + """
        public final class Tally implements ChunkFunction {
            private static final Parameter LOG = Parameter.required("log", Parameter.Type.STRING, "x");
            private static final Parameter MS = Parameter.withDefault("ms", Parameter.Type.INTEGER, 0, "x");
            private static final Parameter GATED = Parameter.withDefault("gated", Parameter.Type.INTEGER, -1, "x");
            private static final Parameter GATE = Parameter.withDefault("gate", Parameter.Type.STRING, "/", "x");

            @Override
            public FunctionDescription description() {
                return FunctionDescription.of("tally@1", "x").withParameters(LOG, MS, GATED, GATE);
            }

            @Override
            public ArraySlice apply(ArraySlice chunk, Map<String, Object> parameters) throws Exception {
                long first = Log.first(chunk);
                String log = LOG.text(parameters);
                Log.write(log, "start", first);
                if (first == GATED.whole(parameters)) {
                    Log.await(GATE.text(parameters));
                }
                Thread.sleep(MS.whole(parameters));
                Log.write(log, "end", first);
                return chunk;
            }
        }
        """;

    private static final String FLAKY = HEAD + """
        public final class Flaky implements ChunkFunction {
            private static final Parameter LOG = Parameter.required("log", Parameter.Type.STRING, "x");
            private static final Parameter AT = Parameter.required("at", Parameter.Type.INTEGER, "x");
            private static final Parameter GATE = Parameter.required("gate", Parameter.Type.STRING, "x");
            private static final Parameter FAILS = Parameter.required("fails", Parameter.Type.BOOLEAN, "x");

            @Override
            public FunctionDescription description() {
                return FunctionDescription.of("flaky@1", "x").withParameters(LOG, AT, GATE, FAILS);
            }

            @Override
            public ArraySlice apply(ArraySlice chunk, Map<String, Object> parameters) throws Exception {
                String log = LOG.text(parameters);
                if (Log.first(chunk) != AT.whole(parameters)) {
                    return chunk;
                }
                Log.write(log, "start", AT.whole(parameters));
                int run;
                try (var lines = Files.lines(Path.of(log))) {
                    run = (int) lines.count();
                }
                if (run == 3) {
                    Log.await(GATE.text(parameters));
                }
                if (run <= 2 || FAILS.flag(parameters)) {
                    throw new IllegalStateException("run " + run + " went wrong");
                }
                return chunk;
            }
        }
        """;

    private static final String WAITING = HEAD + """
        public final class Waiting implements ChunkFunction {
            private static final Parameter GATE = Parameter.required("gate", Parameter.Type.STRING, "x");
            private static final Map<String, CompletableFuture<Void>> GATES = new ConcurrentHashMap<>();

            @Override
            public FunctionDescription description() {
                return FunctionDescription.of("waiting@1", "x").withParameters(GATE);
            }

            @Override
            public ArraySlice apply(ArraySlice chunk, Map<String, Object> parameters) throws Exception {
                GATES.computeIfAbsent(GATE.text(parameters), Waiting::opened).get();
                return chunk;
            }

            private static CompletableFuture<Void> opened(String gate) {
                return CompletableFuture.runAsync(() -> {
                    try {
                        Log.await(gate);
                    } catch (InterruptedException e) {
                        throw new CompletionException(e);
                    }
                }, task -> Thread.ofVirtual().start(task));
            }
        }
        """;

    private static final String WHICH = HEAD + """
        public final class Which implements ChunkFunction {
            @Override
            public FunctionDescription description() {
                return FunctionDescription.of("which@VERSION", "x");
            }

            @Override
            public ArraySlice apply(ArraySlice chunk, Map<String, Object> parameters) throws Exception {
                long[] answer = new long[(int) chunk.shape().dim(0)];
                Arrays.fill(answer, VERSION);
                Thread.sleep(20);
                return new ArraySlice(chunk.dtype(), chunk.shape(), chunk.order(), MemorySegment.ofArray(answer));
            }
        }
        """;

    private static final String BRITTLE = HEAD + """
        public final class Brittle implements ChunkFunction {
            private static final Parameter FAILS = Parameter.withDefault("fails", Parameter.Type.STRING, "", "x");
            private static final Parameter ODD = Parameter.withDefault("odd", Parameter.Type.BOOLEAN, false, "x");

            @Override
            public FunctionDescription description() {
                FunctionDescription f = FunctionDescription.of("brittle@VERSION", "x");
                return VERSION == 1 ? f.withParameters(FAILS, ODD) : f.withParameters(ODD);
            }

            @Override
            public ArraySlice apply(ArraySlice chunk, Map<String, Object> parameters) throws Exception {
                long first = chunk.data().byteSize() == 0 ? -1 : chunk.data().get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
                if (VERSION == 1 && List.of(FAILS.text(parameters).split(",")).contains("" + first)) {
                    throw new NonRetriableException("chunk of " + first + " cannot be done");
                }
                boolean odd = ODD.flag(parameters);
                long[] answer = Arrays.stream(chunk.data().toArray(ValueLayout.JAVA_LONG_UNALIGNED))
                        .filter(x -> !odd || x % 2 != 0)
                        .map(x -> 3 * x + 1)
                        .toArray();
                Shape shape = odd ? Shape.of(answer.length) : chunk.shape();
                return new ArraySlice(chunk.dtype(), shape, chunk.order(), MemorySegment.ofArray(answer));
            }
        }
        """;

    private Plugins() {}

    /** A new directory with a jar for each version of {@code brittle}. */
    static Path brittle(Path directory) {
        return versions(directory, "Brittle", BRITTLE, 1, 2);
    }

    /** A directory with a jar of {@code deadly}, {@code tally} and {@code flaky}. */
    static Path crashes(Path directory) {
        PluginJar.build(
                directory,
                "crashes.jar",
                Map.of("plug.Log", LOG, "plug.Deadly", DEADLY, "plug.Tally", TALLY, "plug.Flaky", FLAKY),
                List.of("plug.Deadly", "plug.Tally", "plug.Flaky"));
        return directory;
    }

    /** A directory with a jar of {@code waiting}. */
    static Path waiting(Path directory) {
        PluginJar.build(
                directory, "waiting.jar", Map.of("plug.Log", LOG, "plug.Waiting", WAITING), List.of("plug.Waiting"));
        return directory;
    }

    /** A new directory with a jar for each of these versions of {@code which}. */
    static Path which(Path directory, int... versions) {
        return versions(directory, "Which", WHICH, versions);
    }

    private static Path versions(Path directory, String type, String source, int... versions) {
        try {
            Files.createDirectory(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (int version : versions) {
            String text = source.replace("VERSION", Integer.toString(version));
            PluginJar.build(
                    directory, type + "-" + version + ".jar", Map.of("plug." + type, text), List.of("plug." + type));
        }
        return directory;
    }

    /** What a function of a directory says of itself. */
    static FunctionDescription description(Path directory, String id) {
        return FunctionRegistry.load(directory)
                .find(FunctionId.parse(id))
                .map(FanfoldFunction::description)
                .orElseThrow();
    }
}
