package io.fanfold.worker.process;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/** Reads frames: a head, then the length of its body, then the body, in this order. One thread at a time. */
final class FrameReader {
    /** Bytes of the longest JSON text of a frame. */
    static final int LONGEST_HEAD = 1 << 20;

    private static final int SHOWN = 100;

    private final InputStream in;

    FrameReader(InputStream in) {
        this.in = new BufferedInputStream(in, 1 << 16);
    }

    /**
     * Waits for a head.
     *
     * @return nothing where the stream ended before it
     */
    Optional<Head> head() throws IOException {
        byte[] prefix = in.readNBytes(Integer.BYTES);
        if (prefix.length == 0) {
            return Optional.empty();
        }
        long length = prefix.length < Integer.BYTES
                ? -1
                : Integer.toUnsignedLong(littleEndian(prefix).getInt());
        if (length < 0 || length > LONGEST_HEAD) {
            throw NoFrameException.of(withWhatFollows(prefix));
        }
        return Optional.of(Head.parse(exactly((int) length)));
    }

    /** The length of the body that follows. */
    long bodyLength() throws IOException {
        long length = littleEndian(exactly(Long.BYTES)).getLong();
        if (length < 0) {
            throw new NoFrameException(
                    "wrote a frame whose body would have " + Long.toUnsignedString(length) + " bytes");
        }
        return length;
    }

    /** The body. */
    byte[] body(int length) throws IOException {
        return exactly(length);
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = new byte[length];
        if (in.readNBytes(bytes, 0, length) < length) {
            throw new EOFException("the stream ends within a frame");
        }
        return bytes;
    }

    private byte[] withWhatFollows(byte[] prefix) throws IOException {
        byte[] shown = Arrays.copyOf(prefix, prefix.length + Math.min(in.available(), SHOWN));
        int read = in.readNBytes(shown, prefix.length, shown.length - prefix.length);
        return Arrays.copyOf(shown, prefix.length + read);
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
