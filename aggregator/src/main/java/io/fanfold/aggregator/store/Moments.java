package io.fanfold.aggregator.store;

/**
 * Told when the aggregator has done one of the things that a crash can come between, so that a test can make it come there. Nothing
 * depends on it. Any thread.
 */
@FunctionalInterface
public interface Moments {
    /** Nobody listens. */
    Moments NONE = moment -> {};

    void reached(Moment moment);

    /** The things that are done, in the order of a job's life. */
    enum Moment {
        /** An outcome's data are in its spool. */
        WRITTEN,
        /** Spools are synced; no checkpoint says so yet. */
        SYNCED,
        /** A job's checkpoint is there. */
        CHECKPOINTED,
        /** The checkpoint of a partition is there. */
        MARKED,
        /** Offsets are committed. */
        COMMITTED,
        /** A result is whole, in a file that is not synced yet. */
        STITCHED,
        /** The result is synced under the name that it grew under. */
        RESULT_SYNCED,
        /** The result has its final name. */
        RENAMED,
        /** The end of a job is said. */
        ENDED,
        /** The spool of a job that has ended is removed. */
        REMOVED
    }
}
