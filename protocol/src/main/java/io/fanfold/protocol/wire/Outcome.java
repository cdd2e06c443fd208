package io.fanfold.protocol.wire;

import java.nio.ByteBuffer;

/** What became of one chunk. Only final outcomes are sent: an interrupted attempt sends nothing. */
public sealed interface Outcome {
    JobId job();

    /** The chunk's index. */
    long index();

    /** Which attempt at the chunk this was, from 1. */
    int attempt();

    /** The function's answer, as {@code .npy} bytes. The buffer is the record's own memory: read it before the next poll. */
    record Computed(JobId job, long index, int attempt, ByteBuffer npy) implements Outcome {}

    /** The chunk cannot be computed, and why. */
    record Failed(JobId job, long index, int attempt, Failure failure) implements Outcome {}
}
