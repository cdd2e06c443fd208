package io.fanfold.producer.intake;

import java.util.OptionalLong;
import java.util.TreeMap;

/** The submissions of one partition that are not done, and up to where all are. Any thread. */
final class Line {
    private final TreeMap<Long, Integer> open = new TreeMap<>();
    private OptionalLong next = OptionalLong.empty();
    private long bytes;
    private volatile boolean stopped;

    /** One is taken in: the next in the order of the log. */
    synchronized void take(long offset, int size) {
        open.put(offset, size);
        bytes += size;
        next = OptionalLong.of(offset + 1);
    }

    /** One is a job all of whose chunks are written, or was set aside. */
    synchronized void done(long offset) {
        Integer size = open.remove(offset);
        bytes -= size == null ? 0 : size;
    }

    /** The lowest offset that is not done; empty where nothing has been taken in. */
    synchronized OptionalLong safe() {
        return open.isEmpty() ? next : OptionalLong.of(open.firstKey());
    }

    /** How many are not done. */
    synchronized int open() {
        return open.size();
    }

    /** Their bytes. */
    synchronized long bytes() {
        return bytes;
    }

    /** The partition is somebody else's: nobody begins or goes on with its submissions here. */
    void stop() {
        stopped = true;
    }

    boolean stopped() {
        return stopped;
    }
}
