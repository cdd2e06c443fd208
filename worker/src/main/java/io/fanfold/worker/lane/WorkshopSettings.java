package io.fanfold.worker.lane;

import java.time.Duration;

/**
 * What the lanes of a worker are told.
 *
 * @param worker the worker's name, in failures
 * @param unknownFunctionGrace how long a chunk is held whose function this worker does not have
 * @param chunkTimeout how long one attempt may run; zero: as long as it likes
 * @param maxValueBytes the largest outcome that can be sent
 * @param metadataLimit the most characters of a commit's metadata
 * @param javaInChildren whether child processes have the Java functions of this worker
 * @param keepCompletions whether commits say what is done above their offset; {@code false} only to see what that is worth
 */
public record WorkshopSettings(
        String worker,
        String pool,
        Duration unknownFunctionGrace,
        Duration chunkTimeout,
        RetryPolicy retries,
        int maxValueBytes,
        int metadataLimit,
        boolean javaInChildren,
        boolean keepCompletions) {}
