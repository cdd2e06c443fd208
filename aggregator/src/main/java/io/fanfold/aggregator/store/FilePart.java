package io.fanfold.aggregator.store;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Objects;

/** Some bytes in the middle of a file, as a stream. One thread. */
final class FilePart extends InputStream {
    private final FileChannel file;
    private final long end;
    private long position;

    /** Takes the channel over: it is closed with the stream. */
    FilePart(FileChannel file, long offset, long bytes) {
        this.file = file;
        this.position = offset;
        this.end = offset + bytes;
    }

    static FilePart of(Path file, long offset, long bytes) throws IOException {
        return new FilePart(FileChannel.open(file), offset, bytes);
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
        if (position == end) {
            return -1;
        }
        int read = file.read(ByteBuffer.wrap(into, offset, (int) Math.min(length, end - position)), position);
        if (read < 0) {
            throw new EOFException("the file ends at byte " + position + ", " + (end - position) + " bytes early");
        }
        position += read;
        return read;
    }

    @Override
    public int available() {
        return (int) Math.min(Integer.MAX_VALUE, end - position);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
