package io.fanfold.bench.suite;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.Parameter;
import io.fanfold.worker.function.ChunkFunction;
import java.util.Map;

/** A function that computes for a while, then waits for a while, and passes the chunk on; workers find it on the class path, as a plugin's. */
public final class Mixed implements ChunkFunction {
    private static final Parameter STEPS =
            Parameter.required("steps", Parameter.Type.INTEGER, "random numbers to draw, one from the other");
    private static final Parameter MS = Parameter.required("ms", Parameter.Type.INTEGER, "milliseconds to wait");
    private static final FunctionDescription DESCRIPTION = FunctionDescription.of(
                    "mixed@1", "x, unchanged, after computing and waiting")
            .withParameters(STEPS, MS);

    /** For the loader of services. */
    public Mixed() {}

    @Override
    public FunctionDescription description() {
        return DESCRIPTION;
    }

    @Override
    public ArraySlice apply(ArraySlice chunk, Map<String, Object> parameters) throws InterruptedException {
        if (drawn(STEPS.whole(parameters)) == 0) {
            throw new IllegalStateException("xorshift never comes to 0");
        }
        Thread.sleep(MS.whole(parameters));
        return chunk;
    }

    private static long drawn(long steps) {
        long x = 1;
        for (long i = 0; i < steps; i++) {
            x ^= x << 13;
            x ^= x >>> 7;
            x ^= x << 17;
        }
        return x;
    }
}
