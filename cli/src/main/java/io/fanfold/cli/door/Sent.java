package io.fanfold.cli.door;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;

/** A stream that tells how much of it was read. One thread. */
final class Sent extends FilterInputStream {
    private final LongConsumer told;
    private long bytes;

    Sent(InputStream in, LongConsumer told) {
        super(in);
        this.told = told;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int read = in.read(into, offset, length);
        if (read > 0) {
            bytes += read;
            told.accept(bytes);
        }
        return read;
    }

    /** How much was read so far. */
    long bytes() {
        return bytes;
    }
}
