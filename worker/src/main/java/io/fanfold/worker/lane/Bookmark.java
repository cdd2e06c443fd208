package io.fanfold.worker.lane;

import java.util.List;
import java.util.Map;

/**
 * Where a lane stands: what its next owner must know, and what the commit of its offset carries.
 *
 * @param offset the lowest offset that is not done
 * @param done offsets above it that are done, lowest first
 * @param started offsets that may have been started and are not known to have ended: whoever inherits them from an owner
 *     that died suspects those that are not done
 * @param tries of chunks that are not done, by offset
 */
public record Bookmark(long offset, List<Run> done, List<Run> started, Map<Long, Tries> tries) {
    public Bookmark {
        done = List.copyOf(done);
        started = List.copyOf(started);
        tries = Map.copyOf(tries);
    }

    /** A lane about which nothing but its offset is known. */
    public static Bookmark at(long offset) {
        return new Bookmark(offset, List.of(), List.of(), Map.of());
    }
}
