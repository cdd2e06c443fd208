package io.fanfold.worker.function;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.wire.FunctionDescription;
import java.util.Map;

/**
 * A function of one chunk, the {@code f} of a job's map. It is called from many threads at once and must not depend on
 * other chunks; pure ones are best, since a chunk can be computed more than once.
 */
public interface ChunkFunction {

    /** What it is and takes, the same object for the function's whole life. */
    FunctionDescription description();

    /**
     * Computes one chunk. It may take as long as it likes and should end with {@link InterruptedException} where its
     * thread is interrupted, which is not a failure of the chunk.
     *
     * @param chunk readable until the answer has been used up; never written to
     * @param parameters as {@link FunctionDescription#resolve} gives them: Long, Double, String, Boolean
     * @return new memory, or memory of the chunk where that is passed on unchanged
     * @throws IllegalArgumentException where it does not take such a chunk or such parameters, in one line
     * @throws Exception whatever else went wrong; it fails the chunk
     */
    ArraySlice apply(ArraySlice chunk, Map<String, Object> parameters) throws Exception;
}
