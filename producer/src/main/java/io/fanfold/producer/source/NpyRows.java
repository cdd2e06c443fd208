package io.fanfold.producer.source;

import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.npy.NpyHeader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A {@code .npy} value that comes in, of which the header has been read. Its rows can be read one after the other where it
 * {@link #streams} along the axis that is cut; otherwise it has to be there as a {@link #whole} first.
 */
public final class NpyRows implements Rows {
    private static final int VERSION_AT = 6;
    private static final int LENGTH_AT = 8;

    private final NpyHeader header;
    private final byte[] first;
    private final InputStream data;

    private NpyRows(NpyHeader header, byte[] first, InputStream data) {
        this.header = header;
        this.first = first;
        this.data = data;
    }

    /**
     * Reads the header, at most 1 MiB, and no byte behind it.
     *
     * @param where names the array in errors
     * @throws IOException if the stream broke
     * @throws io.fanfold.protocol.array.ArrayFormatException if what comes is no {@code .npy} header, or names a dtype that is not
     *     carried
     */
    public static NpyRows open(InputStream npy, String where) throws IOException {
        byte[] first = header(npy);
        NpyHeader header = Npy.readHeader(MemorySegment.ofArray(first), where).header();
        return new NpyRows(header, first, npy);
    }

    /** As many bytes as the header says it has; fewer where they are none, which whoever parses them then says. */
    private static byte[] header(InputStream npy) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(npy.readNBytes(LENGTH_AT));
        if (bytes.size() == LENGTH_AT) {
            byte[] field = npy.readNBytes(bytes.toByteArray()[VERSION_AT] == 1 ? Short.BYTES : Integer.BYTES);
            bytes.write(field);
            bytes.write(npy.readNBytes(length(field)));
        }
        return bytes.toByteArray();
    }

    private static int length(byte[] field) {
        ByteBuffer number = ByteBuffer.wrap(field).order(ByteOrder.LITTLE_ENDIAN);
        long length = switch (field.length) {
            case Short.BYTES -> Short.toUnsignedLong(number.getShort());
            case Integer.BYTES -> Integer.toUnsignedLong(number.getInt());
            default -> 0;
        };
        return length > NpyHeader.MAX_BYTES ? 0 : (int) length;
    }

    /** Whether the rows of an axis are one after the other in what comes; a negative axis counts from the last. */
    public boolean streams(int axis) {
        int rank = header.shape().rank();
        boolean first = rank > 0 && (axis == 0 || axis == -rank);
        return first && (header.order() == Order.C || header.shape().ordersCoincide());
    }

    /** The {@code .npy} value from its first byte on, instead of its rows: for somebody who needs it in a file. */
    public InputStream whole() {
        return new SequenceInputStream(new ByteArrayInputStream(first), data);
    }

    @Override
    public NpyHeader header() {
        return header;
    }

    @Override
    public boolean endless() {
        return false;
    }

    /** Goes on behind the array where the stream does: whoever cuts it finds that there is more than the header says. */
    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        return data.readNBytes(into, offset, length);
    }
}
