package io.fanfold.worker.process;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.protocol.wire.Parameter;
import io.fanfold.worker.function.ChunkFunction;
import io.fanfold.worker.function.FunctionRegistry;
import io.fanfold.worker.function.NonRetriableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A {@link JavaChild} whose functions misbehave. */
final class TestChild {
    static final List<String> COMMAND = List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:+DisplayVMOutputToStderr",
            "-cp",
            System.getProperty("java.class.path"),
            TestChild.class.getName());

    static final FunctionRegistry FUNCTIONS = FunctionRegistry.of(List.of(
            function("identity", (chunk, _) -> chunk),
            function("pid", (chunk, _) -> {
                System.out.println("computed by " + ProcessHandle.current().pid());
                return chunk;
            }),
            function("exit", (_, _) -> {
                System.exit(7);
                throw new AssertionError();
            }),
            function("hoard", (chunk, _) -> {
                List<byte[]> hoard = new java.util.ArrayList<>();
                while (hoard.size() < 1_000_000) {
                    hoard.add(new byte[1 << 20]);
                }
                return chunk;
            }),
            function("wrong", (_, _) -> {
                throw new IllegalArgumentException("wrong\nthroughout");
            }),
            function("unlucky", (_, _) -> {
                throw new IOException("try again");
            }),
            function("final", (_, _) -> {
                throw new NonRetriableException("never again");
            }),
            function("hang", TestChild::hang),
            function("spin", TestChild::spin)));

    private TestChild() {}

    public static void main(String[] args) throws IOException {
        JavaChild.run(() -> FUNCTIONS);
    }

    /** Says that it has begun by making a file, then waits for ever. */
    private static ArraySlice hang(ArraySlice chunk, Map<String, Object> parameters) throws Exception {
        Files.createFile(Path.of(parameters.get("file").toString()));
        Thread.sleep(Long.MAX_VALUE);
        return chunk;
    }

    /** Computes for ever. */
    private static ArraySlice spin(ArraySlice chunk, Map<String, Object> parameters) throws Exception {
        Files.createFile(Path.of(parameters.get("file").toString()));
        while (Files.exists(Path.of("/"))) {
            Thread.onSpinWait();
        }
        return chunk;
    }

    private interface Body {
        ArraySlice apply(ArraySlice chunk, Map<String, Object> parameters) throws Exception;
    }

    private static ChunkFunction function(String name, Body body) {
        FunctionDescription description = new FunctionDescription(
                new FunctionId(name, "1"),
                name,
                "same",
                Map.of("any", "same"),
                List.of(Parameter.optional("file", Parameter.Type.STRING, "a file")));
        return new ChunkFunction() {
            @Override
            public FunctionDescription description() {
                return description;
            }

            @Override
            public ArraySlice apply(ArraySlice chunk, Map<String, Object> parameters) throws Exception {
                return body.apply(chunk, parameters);
            }
        };
    }
}
