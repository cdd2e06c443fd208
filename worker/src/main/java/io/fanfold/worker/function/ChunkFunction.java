package io.fanfold.worker.function;

import io.fanfold.protocol.array.ArraySlice;
import java.util.Map;

/** A function that computes, or blocks, in the thread it is called in. It is called from many threads at once. */
public non-sealed interface ChunkFunction extends FanfoldFunction {
    /**
     * Computes one chunk. It may take as long as it likes and should end with {@link InterruptedException} where its
     * thread is interrupted, which is not a failure of the chunk.
     *
     * @param chunk readable until the answer has been used up; never written to
     * @param parameters as {@link io.fanfold.protocol.wire.FunctionDescription#resolve} gives them: Long, Double, String, Boolean
     * @return new memory, or memory of the chunk where that is passed on unchanged
     * @throws IllegalArgumentException where it does not take such a chunk or such parameters, in one line
     * @throws Exception whatever else went wrong; it fails the chunk
     */
    ArraySlice apply(ArraySlice chunk, Map<String, Object> parameters) throws Exception;
}
