package io.fanfold.aggregator.store;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.util.Objects;
import software.amazon.awssdk.core.ResponseInputStream;

/** Some bytes of an object, as a stream. Who stops early does not have to wait for the rest. One thread. */
final class ObjectPart extends FilterInputStream {
    private final ResponseInputStream<?> answer;
    private long left;

    ObjectPart(ResponseInputStream<?> answer, long bytes) {
        super(answer);
        this.answer = answer;
        this.left = bytes;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        int read = super.read(into, offset, length);
        if (read < 0 && left > 0) {
            throw new EOFException("the object ends " + left + " bytes early");
        }
        left -= Math.max(read, 0);
        return read;
    }

    @Override
    public long skip(long bytes) throws IOException {
        long skipped = super.skip(bytes);
        left -= skipped;
        return skipped;
    }

    /** Closing the answer reads it to its end, which may be far; aborting ends its connection. */
    @Override
    public void close() throws IOException {
        if (left > 0) {
            answer.abort();
        } else {
            super.close();
        }
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
