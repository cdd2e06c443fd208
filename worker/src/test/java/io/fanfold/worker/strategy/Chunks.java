package io.fanfold.worker.strategy;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.worker.function.AsyncFunction;
import io.fanfold.worker.function.ChunkFunction;
import io.fanfold.worker.function.FanfoldFunction;
import io.fanfold.worker.function.FunctionRegistry;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Functions for tests, and chunks to call them with. */
final class Chunks {
    static final JobId JOB = new JobId("job");

    private Chunks() {}

    /** What a function does. */
    interface Body {
        ArraySlice apply(ArraySlice chunk) throws Exception;
    }

    /** How a function starts. */
    interface Start {
        CompletionStage<ArraySlice> apply(ArraySlice chunk) throws Exception;
    }

    private record Blocking(FunctionDescription description, Body body) implements ChunkFunction {
        @Override
        public ArraySlice apply(ArraySlice chunk, Map<String, Object> parameters) throws Exception {
            return body.apply(chunk);
        }
    }

    private record Staged(FunctionDescription description, Start start) implements AsyncFunction {
        @Override
        public CompletionStage<ArraySlice> apply(ArraySlice chunk, Map<String, Object> parameters) throws Exception {
            return start.apply(chunk);
        }
    }

    static ChunkFunction function(Body body) {
        return function("f", EnumSet.allOf(Strategy.class), body);
    }

    static ChunkFunction function(String name, Set<Strategy> strategies, Body body) {
        return new Blocking(description(name, strategies), body);
    }

    static AsyncFunction async(Start start) {
        return async(EnumSet.allOf(Strategy.class), start);
    }

    static AsyncFunction async(Set<Strategy> strategies, Start start) {
        return new Staged(description("stage", strategies), start);
    }

    static ChunkFunction builtIn(String name) {
        return (ChunkFunction)
                FunctionRegistry.builtIn().find(new FunctionId(name, "1")).orElseThrow();
    }

    static FunctionDescription description(String name, Set<Strategy> strategies) {
        return new FunctionDescription(
                new FunctionId(name, "1"),
                "for tests",
                "same",
                Map.of(FunctionDescription.ANY, FunctionDescription.SAME),
                List.of(),
                strategies);
    }

    static Call call(FanfoldFunction function) {
        return call(function, Duration.ZERO);
    }

    static Call call(FanfoldFunction function, Duration timeout) {
        return new Call(JOB, 7, function, Map.of(), npy(1), timeout);
    }

    /** So many zeros of uint8. */
    static byte[] npy(int size) {
        return zeros("|u1", Shape.of(size));
    }

    static byte[] zeros(String descr, Shape shape) {
        DType dtype = DType.parse(descr);
        return Npy.encode(
                new ArraySlice(dtype, shape, Order.C, MemorySegment.ofArray(new byte[(int) dtype.bytes(shape)])));
    }
}
