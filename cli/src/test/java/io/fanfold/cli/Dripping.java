package io.fanfold.cli;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.concurrent.CountDownLatch;

/** Bytes that come at once but for the last, which waits until it is allowed. */
final class Dripping extends InputStream {
    private final CountDownLatch last = new CountDownLatch(1);
    private final ByteArrayInputStream bytes;

    Dripping(byte[] bytes) {
        this.bytes = new ByteArrayInputStream(bytes);
    }

    /** Lets the last byte come. */
    void goOn() {
        last.countDown();
    }

    @Override
    public int read() {
        if (bytes.available() == 1) {
            awaitLast();
        }
        return bytes.read();
    }

    private void awaitLast() {
        try {
            last.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
