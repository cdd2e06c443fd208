package io.fanfold.cli;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.concurrent.Semaphore;

/** Bytes that come at once but for the last, which waits until it is allowed. */
final class Dripping extends InputStream {
    private static final Semaphore LAST = new Semaphore(0);

    private final ByteArrayInputStream bytes;

    Dripping(byte[] bytes) {
        this.bytes = new ByteArrayInputStream(bytes);
    }

    /** Lets the last byte of one of them come. */
    static void goOn() {
        LAST.release();
    }

    @Override
    public int read() {
        if (bytes.available() == 1) {
            LAST.acquireUninterruptibly();
        }
        return bytes.read();
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        int before = bytes.available() - 1;
        if (before > 0) {
            return bytes.read(into, offset, Math.min(before, length));
        }
        int last = read();
        if (last < 0) {
            return -1;
        }
        into[offset] = (byte) last;
        return 1;
    }
}
