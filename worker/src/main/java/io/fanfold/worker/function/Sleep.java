package io.fanfold.worker.function;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.protocol.wire.Parameter;
import java.util.List;
import java.util.Map;

/** Passes every chunk on as it is, in the chunk's own memory, after a while: work that waits and does not compute. */
final class Sleep implements ChunkFunction {
    private static final FunctionDescription DESCRIPTION = new FunctionDescription(
            new FunctionId("sleep", "1"),
            "x, unchanged, after waiting",
            "same",
            Map.of(FunctionDescription.ANY, FunctionDescription.SAME),
            List.of(Parameter.required("ms", Parameter.Type.INTEGER, "milliseconds to wait for each chunk")
                    .atLeast(0)));

    @Override
    public FunctionDescription description() {
        return DESCRIPTION;
    }

    @Override
    public ArraySlice apply(ArraySlice chunk, Map<String, Object> parameters) throws InterruptedException {
        Thread.sleep(Scalar.whole(parameters, "sleep", "ms", 0, Long.MAX_VALUE));
        return chunk;
    }
}
