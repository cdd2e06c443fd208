package io.fanfold.aggregator.store;

import io.fanfold.aggregator.assemble.Places;
import io.fanfold.aggregator.assemble.ResultLayout;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Writes a concatenated result whose order is not its spool's. The spool holds each chunk's data somewhere; the result wants, for each
 * outer index, that block of every chunk in turn. So the spool is read as many streams as there are chunks and the result is written
 * as one.
 */
final class Stitch {
    private static final int BUFFER_BYTES = 4 * 1024 * 1024;

    private final FileChannel out;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final MemorySegment bufferSegment = MemorySegment.ofBuffer(buffer.duplicate());

    private Stitch(FileChannel out) {
        this.out = out;
    }

    /** @param dataOffset bytes of the spool's file before its data */
    static void write(ResultLayout layout, Places places, FileChannel spool, long dataOffset, FileChannel out)
            throws IOException {
        ByteBuffer header = ByteBuffer.wrap(layout.header().encode());
        while (header.hasRemaining()) {
            out.write(header);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment file = spool.map(FileChannel.MapMode.READ_ONLY, 0, spool.size(), arena);
            Stitch stitch = new Stitch(out);
            stitch.blocks(layout, places, file.asSlice(Math.min(dataOffset, file.byteSize())));
            stitch.flush();
        }
    }

    private void blocks(ResultLayout layout, Places places, MemorySegment data) throws IOException {
        if (layout.header().dataBytes() == 0) {
            return; // however many blocks of nothing there are
        }
        long inner = layout.axis().innerBytes();
        for (long o = 0; o < layout.axis().outer(); o++) {
            for (int chunk = 0; chunk < places.count(); chunk++) {
                Places.Place place = places.of(chunk);
                long block = place.rows() * inner;
                append(data, place.offset() + o * block, block);
            }
        }
    }

    private void append(MemorySegment from, long offset, long bytes) throws IOException {
        long done = 0;
        while (done < bytes) {
            if (!buffer.hasRemaining()) {
                flush();
            }
            int part = (int) Math.min(bytes - done, buffer.remaining());
            MemorySegment.copy(from, offset + done, bufferSegment, buffer.position(), part);
            buffer.position(buffer.position() + part);
            done += part;
        }
    }

    private void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            out.write(buffer);
        }
        buffer.clear();
    }
}
