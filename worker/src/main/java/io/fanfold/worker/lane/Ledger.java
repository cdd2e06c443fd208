package io.fanfold.worker.lane;

import java.util.TreeSet;

/**
 * Which offsets of one partition are taken in and which of them are done, though chunks finish in any order and offsets have
 * gaps. Pure; not thread-safe: its lane guards it.
 */
final class Ledger {
    private final TreeSet<Long> open = new TreeSet<>();
    private long position;

    /** @param position the first offset that may be taken in */
    Ledger(long position) {
        this.position = position;
    }

    /**
     * A record is taken in.
     *
     * @throws IllegalArgumentException if its offset is not above all taken in before
     */
    void taken(long offset) {
        if (offset < position) {
            throw new IllegalArgumentException("offset " + offset + " is below the position " + position);
        }
        open.add(offset);
        position = offset + 1;
    }

    /** A record's outcome is acknowledged. Saying so twice changes nothing. */
    void done(long offset) {
        open.remove(offset);
    }

    /** The offset to commit: the lowest that is not done. */
    long committable() {
        return open.isEmpty() ? position : open.first();
    }
}
