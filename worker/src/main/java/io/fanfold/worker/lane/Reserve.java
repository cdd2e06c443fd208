package io.fanfold.worker.lane;

/**
 * How many offsets a commit names beyond those that are started: twice as many as were started since the last one. So starting seldom
 * waits for a commit, and a successor suspects few chunks that were not even started. Pure; not thread-safe: its lane guards it.
 */
final class Reserve {
    static final int LEAST = 256;
    /** A successor runs that many suspects in a child process in seconds. */
    static final int MOST = 16_384;

    private long size = LEAST;
    private long startedAtMark;

    /** @param started one above the highest offset that was started when the lane was taken over */
    Reserve(long started) {
        this.startedAtMark = started;
    }

    /** Whether so little of it is left that the next commit should be made soon. */
    boolean low(long started, long horizon) {
        return horizon - started < size / 2;
    }

    /**
     * How much the next commit names.
     *
     * @param started one above the highest offset that was started
     */
    long next(long started) {
        size = Math.clamp(2 * (started - startedAtMark), LEAST, MOST);
        startedAtMark = started;
        return size;
    }
}
