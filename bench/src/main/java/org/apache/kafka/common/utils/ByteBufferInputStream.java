package org.apache.kafka.common.utils;

import java.io.InputStream;
import java.nio.ByteBuffer;

/** The bytes that remain in a buffer, as a stream. One thread. */
public final class ByteBufferInputStream extends InputStream {
    private final ByteBuffer left;

    /** @param buffer is read to its limit */
    public ByteBufferInputStream(ByteBuffer buffer) {
        this.left = buffer;
    }

    @Override
    public int read() {
        return left.hasRemaining() ? Byte.toUnsignedInt(left.get()) : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
        if (length > 0 && !left.hasRemaining()) {
            return -1;
        }
        int count = Math.min(length, left.remaining());
        left.get(bytes, offset, count);
        return count;
    }
}
