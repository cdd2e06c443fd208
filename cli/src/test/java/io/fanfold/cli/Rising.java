package io.fanfold.cli;

import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.NpyHeader;
import java.io.InputStream;
import java.util.concurrent.CountDownLatch;

/** An array of any size as {@code .npy} bytes, made while it is read; its last megabyte waits until it is allowed. */
final class Rising extends InputStream {
    private static final int COLUMNS = 1000;
    private static final int BLOCK = 1_000_000;

    private final byte[] header;
    private final byte[] block = new byte[BLOCK];
    private final long rows;
    private final CountDownLatch end = new CountDownLatch(1);
    private long at;

    /** @param data bytes of it, in whole megabytes */
    Rising(long data) {
        this.rows = data / COLUMNS;
        this.header = new NpyHeader(DType.parse("|u1"), Shape.of(rows, COLUMNS), Order.C).encode();
        for (int i = 0; i < BLOCK; i++) {
            block[i] = (byte) (i * 31 + i / COLUMNS);
        }
    }

    long bytes() {
        return header.length + rows * COLUMNS;
    }

    /** Lets the last megabyte come. */
    void end() {
        end.countDown();
    }

    /** The sums of its columns. */
    long[] sums() {
        long[] sums = new long[COLUMNS];
        for (int i = 0; i < BLOCK; i++) {
            sums[i % COLUMNS] += Byte.toUnsignedInt(block[i]) * (rows * COLUMNS / BLOCK);
        }
        return sums;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        if (at == bytes()) {
            return -1;
        }
        int read;
        if (at < header.length) {
            read = (int) Math.min(length, header.length - at);
            System.arraycopy(header, (int) at, into, offset, read);
        } else {
            int in = (int) ((at - header.length) % BLOCK);
            if (at >= bytes() - BLOCK) {
                awaitEnd();
            }
            read = Math.min(length, BLOCK - in);
            System.arraycopy(block, in, into, offset, read);
        }
        at += read;
        return read;
    }

    private void awaitEnd() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
