package io.fanfold.protocol.npy;

import io.fanfold.protocol.array.ArrayFormatException;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Literal;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What the header of a .npy value says: the array's dtype, shape and order. */
public record NpyHeader(DType dtype, Shape shape, Order order) {
    /** The longest header that is read or written. */
    public static final int MAX_BYTES = 1 << 20;

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int ALIGNMENT = 64;
    private static final int GROWTH_DIGITS = 21;
    private static final int MAX_VERSION_1 = 0xffff;

    /** The header that was encoded last: chunks and answers of one job have the same, one after the other. */
    private static volatile @Nullable Encoded last;

    private record Encoded(NpyHeader header, ByteBuffer bytes) {}

    /** The bytes of data that follow the header. */
    public long dataBytes() {
        return dtype.bytes(shape);
    }

    /**
     * The header's bytes, exactly those of {@code np.save}: the lowest version that can hold it (1.0; 2.0 where it is
     * long; 3.0 where a field's name is not Latin-1), spare room for the growing axis, data aligned to 64 bytes, and
     * {@code 'fortran_order': False} where both orders are the same bytes.
     *
     * @throws ArrayFormatException where the header would pass 1 MiB
     */
    public byte[] encode() {
        Encoded known = last;
        if (known == null || !known.header.equals(this)) {
            known = new Encoded(this, ByteBuffer.wrap(encoded()));
            last = known;
        }
        byte[] bytes = new byte[known.bytes.capacity()];
        known.bytes.get(0, bytes);
        return bytes;
    }

    private byte[] encoded() {
        String text = text();
        if (!StandardCharsets.ISO_8859_1.newEncoder().canEncode(text)) {
            return wrap(3, text, StandardCharsets.UTF_8);
        }
        int version = length(1, text.length()) <= MAX_VERSION_1 ? 1 : 2;
        return wrap(version, text, StandardCharsets.ISO_8859_1);
    }

    private String text() {
        boolean fortran = order == Order.FORTRAN && !shape.ordersCoincide();
        String text = "{'descr': " + dtype.literal().repr() + ", 'fortran_order': " + new Literal.Flag(fortran).repr()
                + ", 'shape': " + shape + ", }";
        if (shape.rank() == 0) {
            return text;
        }
        long growing = shape.dim(fortran ? shape.rank() - 1 : 0);
        return text + " ".repeat(GROWTH_DIGITS - Long.toString(growing).length());
    }

    private static byte[] wrap(int version, String text, Charset charset) {
        byte[] header = text.getBytes(charset);
        int length = length(version, header.length);
        if (length > MAX_BYTES) {
            throw new ArrayFormatException("a .npy header of " + length + " bytes passes the " + MAX_BYTES
                    + " that are carried: give the dtype fewer or shorter fields");
        }
        ByteBuffer out = ByteBuffer.allocate(prefixBytes(version) + length).order(ByteOrder.LITTLE_ENDIAN);
        out.put(MAGIC).put((byte) version).put((byte) 0);
        if (version == 1) {
            out.putShort((short) length);
        } else {
            out.putInt(length);
        }
        out.put(header);
        while (out.remaining() > 1) {
            out.put((byte) ' ');
        }
        return out.put((byte) '\n').array();
    }

    /** The header's length with its padding, at least one space, and its line end, as NumPy counts it. */
    private static int length(int version, int textBytes) {
        int unpadded = prefixBytes(version) + textBytes + 1;
        return textBytes + 1 + ALIGNMENT - unpadded % ALIGNMENT;
    }

    private static int prefixBytes(int version) {
        return MAGIC.length + 2 + (version == 1 ? 2 : 4);
    }
}
