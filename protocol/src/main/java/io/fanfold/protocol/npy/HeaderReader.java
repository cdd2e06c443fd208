package io.fanfold.protocol.npy;

import io.fanfold.protocol.array.ArrayFormatException;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Literal;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the header of a .npy value: magic, version, length, then a Python dict of three keys. */
final class HeaderReader {
    private static final String REMEDY = "; write it again with np.save";
    private static final String MAGIC = "\u0093NUMPY";
    private static final int VERSION_AT = 6;
    private static final int LENGTH_AT = 8;

    private static final int KEPT_BYTES = 4096;

    /** The header that was read last: chunks and answers of one job have the same, one after the other. */
    private static volatile @Nullable Known last;

    private record Known(MemorySegment bytes, Npy.Located located) {
        boolean begins(MemorySegment value) {
            long length = bytes.byteSize();
            return value.byteSize() >= length && MemorySegment.mismatch(value, 0, length, bytes, 0, length) < 0;
        }
    }

    private HeaderReader() {}

    static Npy.Located read(MemorySegment bytes) {
        Known known = last;
        if (known != null && known.begins(bytes)) {
            return known.located;
        }
        Npy.Located located = parsed(bytes);
        if (located.dataOffset() <= KEPT_BYTES) {
            byte[] header = bytes.asSlice(0, located.dataOffset()).toArray(ValueLayout.JAVA_BYTE);
            last = new Known(MemorySegment.ofArray(header), located);
        }
        return located;
    }

    private static Npy.Located parsed(MemorySegment bytes) {
        int version = version(bytes);
        int textAt = version == 1 ? LENGTH_AT + 2 : LENGTH_AT + 4;
        long length = length(bytes, version, textAt);
        String text = text(bytes.asSlice(textAt, length), version);
        return new Npy.Located(header(literal(text)), textAt + length);
    }

    private static int version(MemorySegment bytes) {
        MemorySegment first = bytes.asSlice(0, Math.min(LENGTH_AT, bytes.byteSize()));
        String start = StandardCharsets.ISO_8859_1.decode(buffer(first)).toString();
        if (!start.startsWith(MAGIC)) {
            String problem = start.isEmpty() ? "it is empty" : "it starts with " + Literal.quote(start);
            throw new ArrayFormatException(problem + ", so it is no .npy value: write it with np.save");
        }
        if (start.length() < LENGTH_AT) {
            throw truncated(bytes);
        }
        int major = start.charAt(VERSION_AT);
        int minor = start.charAt(VERSION_AT + 1);
        if (major < 1 || major > 3 || minor != 0) {
            throw new ArrayFormatException(
                    ".npy version " + major + "." + minor + " is not one of 1.0, 2.0 and 3.0" + REMEDY);
        }
        return major;
    }

    private static long length(MemorySegment bytes, int version, int textAt) {
        if (bytes.byteSize() < textAt) {
            throw truncated(bytes);
        }
        ByteBuffer field = buffer(bytes.asSlice(LENGTH_AT, textAt - LENGTH_AT)).order(ByteOrder.LITTLE_ENDIAN);
        long length = version == 1 ? Short.toUnsignedLong(field.getShort()) : Integer.toUnsignedLong(field.getInt());
        if (length > NpyHeader.MAX_BYTES) {
            throw new ArrayFormatException("the header claims to have " + length + " bytes, more than the "
                    + NpyHeader.MAX_BYTES + " that are read" + REMEDY);
        }
        if (length > bytes.byteSize() - textAt) {
            throw truncated(bytes);
        }
        return length;
    }

    private static String text(MemorySegment bytes, int version) {
        if (version < 3) {
            return StandardCharsets.ISO_8859_1.decode(buffer(bytes)).toString();
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(buffer(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new ArrayFormatException("the header of version 3.0 is not UTF-8" + REMEDY, e);
        }
    }

    private static Literal literal(String text) {
        try {
            return Literal.parse(text);
        } catch (ArrayFormatException e) {
            throw new ArrayFormatException("the header cannot be read: " + e.getMessage() + REMEDY, e);
        }
    }

    private static NpyHeader header(Literal literal) {
        if (!(literal instanceof Literal.Dict(Map<String, Literal> entries))) {
            throw new ArrayFormatException("the header is no Python dict but " + literal.brief() + REMEDY);
        }
        NpyHeader header = new NpyHeader(
                DType.of(entry(entries, "descr")),
                Shape.of(entry(entries, "shape")),
                order(entry(entries, "fortran_order")));
        if (entries.size() > 3) {
            throw new ArrayFormatException("the header " + literal.brief()
                    + " has more keys than 'descr', 'fortran_order' and 'shape'" + REMEDY);
        }
        header.dataBytes(); // refuses what 64 bits cannot count
        return header;
    }

    private static Literal entry(Map<String, Literal> entries, String key) {
        Literal value = entries.get(key);
        if (value == null) {
            throw new ArrayFormatException("the header has no key '" + key + "'" + REMEDY);
        }
        return value;
    }

    private static Order order(Literal fortran) {
        if (fortran instanceof Literal.Flag(boolean isFortran)) {
            return isFortran ? Order.FORTRAN : Order.C;
        }
        throw new ArrayFormatException("fortran_order is " + fortran.brief() + ", not True or False" + REMEDY);
    }

    private static ArrayFormatException truncated(MemorySegment bytes) {
        return new ArrayFormatException("the header does not end within the " + bytes.byteSize()
                + " bytes that are there: it is truncated" + REMEDY);
    }

    /** A copy, since not every heap segment can be seen as a buffer. */
    private static ByteBuffer buffer(MemorySegment bytes) {
        return ByteBuffer.wrap(bytes.toArray(ValueLayout.JAVA_BYTE));
    }
}
