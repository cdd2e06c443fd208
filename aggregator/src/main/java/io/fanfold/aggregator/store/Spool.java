package io.fanfold.aggregator.store;

import io.fanfold.aggregator.assemble.ResultLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A job's outcomes on disk while it grows: chunk after chunk, each at the place that its rows give it. Where that is already
 * the order of the result, the spool starts with the result's header and becomes the result by a rename. One thread.
 */
public final class Spool implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;
    private final long dataOffset;

    Spool(Path file, ResultLayout layout) throws IOException {
        this.file = file;
        this.channel = FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        byte[] header = layout.contiguous() ? layout.header().encode() : new byte[0];
        this.dataOffset = header.length;
        writeFully(ByteBuffer.wrap(header), 0);
    }

    /** Writes one outcome's data, {@code offset} bytes behind the first chunk's. */
    public void write(long offset, ByteBuffer data) throws IOException {
        writeFully(data, dataOffset + offset);
    }

    private void writeFully(ByteBuffer data, long position) throws IOException {
        long at = position;
        while (data.hasRemaining()) {
            at += channel.write(data, at);
        }
    }

    Path file() {
        return file;
    }

    FileChannel channel() {
        return channel;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** Closes and removes it. */
    public void discard() throws IOException {
        close();
        Files.deleteIfExists(file);
    }
}
