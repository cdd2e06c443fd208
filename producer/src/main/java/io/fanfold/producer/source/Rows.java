package io.fanfold.producer.source;

import io.fanfold.protocol.npy.NpyHeader;
import io.fanfold.protocol.wire.JobRecord;
import java.io.IOException;

/**
 * An array that comes in row after row along its first axis, as bytes in C order. One thread; whoever opened the stream behind it
 * closes that.
 */
public interface Rows {
    /** Its dtype, shape and order; where it is endless, its length along axis 0 means nothing. */
    NpyHeader header();

    /** Whether nobody knows how many rows there are before the last has come. */
    boolean endless();

    /**
     * Reads what comes next of the data; waits for it.
     *
     * @return how many bytes were read, fewer than {@code length} only at the end of the array
     * @throws IOException if the stream broke
     * @throws io.fanfold.protocol.array.ArrayFormatException if what comes is not what was announced
     */
    int read(byte[] into, int offset, int length) throws IOException;

    /** The beginning of the data is read ahead: as much as tells the array from another of its shape. */
    static HeadedRows ahead(Rows rows) throws IOException {
        byte[] head = new byte[JobRecord.Claim.HEAD_BYTES];
        return new HeadedRows(rows, head, rows.read(head, 0, head.length));
    }
}
