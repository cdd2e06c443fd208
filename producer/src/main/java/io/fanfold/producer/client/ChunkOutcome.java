package io.fanfold.producer.client;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.Failure;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/** What became of a chunk of a job, for good. */
public sealed interface ChunkOutcome {
    /** The chunk, counted from 0. */
    long index();

    /** Its first row along the split axis. */
    long start();

    /** How many rows it has; of the last chunk of an endless array that is not whole yet, those that it may have. */
    long rows();

    /**
     * It was computed.
     *
     * @param npy the function's answer, as {@code .npy} bytes, or, in a job that folds, the part that its worker made of it
     * @param foldedRows how many rows the answer had that {@code npy} is the part of; empty: it is the answer itself
     */
    record Computed(long index, long start, long rows, ByteBuffer npy, OptionalLong foldedRows)
            implements ChunkOutcome {
        /**
         * The answer, or part, as an array in the same memory.
         *
         * @throws io.fanfold.protocol.array.ArrayFormatException if it is none
         */
        public ArraySlice array() {
            return Npy.decode(MemorySegment.ofBuffer(npy), "the outcome of chunk " + index);
        }
    }

    /** It cannot be computed. */
    record Failed(long index, long start, long rows, Failure failure) implements ChunkOutcome {}
}
