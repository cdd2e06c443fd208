package io.fanfold.worker.function;

import io.fanfold.protocol.array.ArraySlice;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * A function that starts its work and returns at once, as a call of an asynchronous client does. While it waits it holds no
 * thread, so thousands of chunks can wait together.
 */
public non-sealed interface AsyncFunction extends FanfoldFunction {

    /**
     * Starts one chunk.
     *
     * @param chunk readable until the answer has been used up; never written to
     * @param parameters as {@link io.fanfold.protocol.wire.FunctionDescription#resolve} gives them: Long, Double, String, Boolean
     * @return completes with new memory, or memory of the chunk where that is passed on unchanged; a stage that is cancelled by
     *     the worker should give its work up
     * @throws Exception as of {@link ChunkFunction#apply}, and so what the stage completes with exceptionally
     */
    CompletionStage<ArraySlice> apply(ArraySlice chunk, Map<String, Object> parameters) throws Exception;
}
