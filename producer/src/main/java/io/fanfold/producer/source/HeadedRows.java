package io.fanfold.producer.source;

import io.fanfold.protocol.npy.NpyHeader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** Rows whose beginning has been read. */
public final class HeadedRows implements Rows {
    private final Rows rows;
    private final byte[] head;
    private final int headBytes;
    private int given;

    HeadedRows(Rows rows, byte[] head, int headBytes) {
        this.rows = rows;
        this.head = head;
        this.headBytes = headBytes;
    }

    /** What is known of the array. */
    public Incoming incoming() {
        String crc = Incoming.crc32c(MemorySegment.ofArray(head).asSlice(0, headBytes));
        return new Incoming(header(), endless(), Optional.of(crc));
    }

    @Override
    public NpyHeader header() {
        return rows.header();
    }

    @Override
    public boolean endless() {
        return rows.endless();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int ahead = Math.min(length, headBytes - given);
        System.arraycopy(head, given, into, offset, ahead);
        given += ahead;
        return ahead == length ? length : ahead + rows.read(into, offset + ahead, length - ahead);
    }
}
