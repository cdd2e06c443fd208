package io.fanfold.e2e;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.Parameter;
import io.fanfold.worker.function.ChunkFunction;
import io.fanfold.worker.function.FunctionRegistry;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A function of a test's own, which counts its calls. A chunk is known by its first byte. */
final class Called implements ChunkFunction {
    /** What happens in a call. */
    @FunctionalInterface
    interface Body {
        /**
         * One call.
         *
         * @param chunk its first byte
         * @param call how often this chunk has been called, this time included
         */
        void run(int chunk, int call) throws Exception;
    }

    private final FunctionDescription description;
    private final Body body;
    private final Map<Integer, Integer> calls = new ConcurrentHashMap<>();

    Called(String id, Body body) {
        this.description = FunctionDescription.of(id, "of a test").withParameters(new Parameter[0]);
        this.body = body;
    }

    static FunctionRegistry registry(ChunkFunction... functions) {
        return FunctionRegistry.builtIn().with(List.of(functions));
    }

    /** How many chunks have been called at least once. */
    int chunks() {
        return calls.size();
    }

    int calls(int chunk) {
        return calls.getOrDefault(chunk, 0);
    }

    @Override
    public FunctionDescription description() {
        return description;
    }

    @Override
    public ArraySlice apply(ArraySlice chunk, Map<String, Object> parameters) throws Exception {
        int first = chunk.data().get(ValueLayout.JAVA_BYTE, 0);
        body.run(first, calls.merge(first, 1, Integer::sum));
        return chunk;
    }
}
