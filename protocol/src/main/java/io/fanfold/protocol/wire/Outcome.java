package io.fanfold.protocol.wire;

import java.nio.ByteBuffer;
import java.util.OptionalLong;

/** What became of one chunk. Only final outcomes are sent: an interrupted attempt sends nothing. */
public sealed interface Outcome {
    JobId job();

    /** The chunk's index. */
    long index();

    /** Which attempt at the chunk this was, from 1. */
    int attempt();

    /**
     * The function's answer, or the part that the job's fold makes of it.
     *
     * @param npy as {@code .npy} bytes. The buffer is the record's own memory: read it before the next poll
     * @param foldedRows how many rows along the split axis the answer had that this is the part of, at least 1; empty: it is the
     *     answer itself
     */
    record Computed(JobId job, long index, int attempt, ByteBuffer npy, OptionalLong foldedRows) implements Outcome {
        /** The answer itself. */
        public Computed(JobId job, long index, int attempt, ByteBuffer npy) {
            this(job, index, attempt, npy, OptionalLong.empty());
        }
    }

    /** The chunk cannot be computed, and why. */
    record Failed(JobId job, long index, int attempt, Failure failure) implements Outcome {}
}
