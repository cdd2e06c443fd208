package io.fanfold.worker.function;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.FunctionId;
import java.util.List;
import java.util.Map;

/** Passes every chunk on as it is, in the chunk's own memory. */
final class Identity implements ChunkFunction {
    private static final FunctionDescription DESCRIPTION = new FunctionDescription(
            new FunctionId("identity", "1"),
            "x, unchanged",
            "same",
            Map.of(FunctionDescription.ANY, FunctionDescription.SAME),
            List.of());

    @Override
    public FunctionDescription description() {
        return DESCRIPTION;
    }

    @Override
    public ArraySlice apply(ArraySlice chunk, Map<String, Object> parameters) {
        return chunk;
    }
}
