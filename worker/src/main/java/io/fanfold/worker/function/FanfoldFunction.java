package io.fanfold.worker.function;

import io.fanfold.protocol.wire.FunctionDescription;

/**
 * A function of one chunk, the {@code f} of a job's map, in one of the three forms that a worker can run. It must not depend on
 * other chunks; pure ones are best, since a chunk can be computed more than once.
 */
public sealed interface FanfoldFunction permits ChunkFunction, AsyncFunction, ChildFunction {
    /** What it is and takes, the same object for the function's whole life. */
    FunctionDescription description();
}
