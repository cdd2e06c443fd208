package io.fanfold.aggregator.store;

import io.fanfold.aggregator.assemble.Places;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.function.IntPredicate;

/** Places as a spool's list has them, read some thousand at a time. One thread. */
final class ListedPlaces implements Places {
    private static final int AT_ONCE = 4096;

    private final FileChannel list;
    private final int entryBytes;
    private final int count;
    private final IntPredicate arrived;
    private final ByteBuffer window;
    private long start = -1;

    ListedPlaces(FileChannel list, int entryBytes, int count, IntPredicate arrived) {
        this.list = list;
        this.entryBytes = entryBytes;
        this.count = count;
        this.arrived = arrived;
        this.window = ByteBuffer.allocate(Math.min(count, AT_ONCE) * entryBytes);
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public Place of(int chunk) throws IOException {
        if (!arrived.test(chunk)) {
            return Place.NONE;
        }
        if (start < 0 || chunk < start || chunk >= start + AT_ONCE) {
            start = chunk / AT_ONCE * (long) AT_ONCE;
            read();
        }
        int at = (int) (chunk - start) * entryBytes;
        if (at + entryBytes > window.position()) {
            throw new EOFException("the list of where chunks lie ends before chunk " + chunk + ", which has arrived");
        }
        return new Place(window.getLong(at), window.getLong(at + Long.BYTES), window.getLong(at + 2 * Long.BYTES));
    }

    private void read() throws IOException {
        window.clear();
        long at = start * entryBytes;
        while (window.hasRemaining()) {
            int read = list.read(window, at);
            if (read < 0) {
                break;
            }
            at += read;
        }
    }
}
