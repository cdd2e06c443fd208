package io.fanfold.e2e;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.Parameter;
import io.fanfold.worker.function.ChunkFunction;
import io.fanfold.worker.function.NonRetriableException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/**
 * {@code gated@1}: 3x + 1 of int64, for a worker in the test's JVM. Each chunk takes {@code ms}. It knows a chunk by its first element:
 * the chunks {@code waits}, a list such as {@code 4,10} or {@code all}, are not computed before {@link #open} is called for their {@code
 * gate}, and the chunks {@code fails} raise an error.
 */
final class Gated implements ChunkFunction {
    private static final Map<String, CountDownLatch> GATES = new ConcurrentHashMap<>();
    private static final Parameter GATE = Parameter.withDefault("gate", Parameter.Type.STRING, "", "x");
    private static final Parameter WAITS = Parameter.withDefault("waits", Parameter.Type.STRING, "", "x");
    private static final Parameter FAILS = Parameter.withDefault("fails", Parameter.Type.STRING, "", "x");
    private static final Parameter MS = Parameter.withDefault("ms", Parameter.Type.INTEGER, 0, "x");
    private static final FunctionDescription DESCRIPTION =
            FunctionDescription.of("gated@1", "3x + 1").withParameters(GATE, WAITS, FAILS, MS);

    /** Lets the chunks of a gate through. */
    static void open(String gate) {
        gate(gate).countDown();
    }

    private static CountDownLatch gate(String name) {
        return GATES.computeIfAbsent(name, _ -> new CountDownLatch(1));
    }

    @Override
    public FunctionDescription description() {
        return DESCRIPTION;
    }

    @Override
    public ArraySlice apply(ArraySlice chunk, Map<String, Object> parameters) throws Exception {
        long[] values = chunk.toLongs();
        String first = values.length == 0 ? "none" : Long.toString(values[0]);
        Thread.sleep(MS.whole(parameters));
        List<String> waits = List.of(WAITS.text(parameters).split(",", -1));
        if (waits.contains(first) || waits.contains("all")) {
            gate(GATE.text(parameters)).await();
        }
        if (List.of(FAILS.text(parameters).split(",", -1)).contains(first)) {
            throw new NonRetriableException("chunk of " + first + " cannot be done");
        }
        return ArraySlice.of(
                Arrays.stream(values).map(x -> 3 * x + 1).toArray(),
                chunk.shape().dims());
    }
}
