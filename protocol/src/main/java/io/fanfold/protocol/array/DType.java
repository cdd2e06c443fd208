package io.fanfold.protocol.array;

import java.nio.ByteOrder;
import java.util.List;

/**
 * The type of an array's elements, as NumPy's {@code dtype}. Immutable; two are equal where their {@link #descr} is.
 * Carried are all types of fixed size that hold no Python object: bool, int8 to 64, uint8 to 64, float16 to 64,
 * complex64 and 128, bytes, unicode, datetime64, timedelta64, void, and structures of these.
 */
public final class DType {

    /** What the elements are. */
    public enum Kind {
        BOOL,
        INT,
        UINT,
        FLOAT,
        COMPLEX,
        /** Text of fixed length, one byte a character, NumPy's {@code S}. */
        BYTES,
        /** Text of fixed length, four bytes a character, NumPy's {@code U}. */
        UNICODE,
        DATETIME,
        TIMEDELTA,
        /** Raw bytes, NumPy's {@code V}. */
        VOID,
        /** Named fields, each with a type of its own. */
        STRUCT
    }

    private final Kind kind;
    private final int itemSize;
    private final ByteOrder byteOrder;
    private final String unit;
    private final List<Field> fields;
    private final Literal descr;

    private DType(Kind kind, int itemSize, ByteOrder byteOrder, String unit, List<Field> fields, Literal descr) {
        this.kind = kind;
        this.itemSize = itemSize;
        this.byteOrder = byteOrder;
        this.unit = unit;
        this.fields = fields;
        this.descr = descr;
    }

    /** A plain type; {@code unit} is {@code "[ns]"} or the like for times, otherwise empty. */
    static DType plain(Kind kind, int itemSize, ByteOrder byteOrder, String unit) {
        boolean ordered = Descr.hasByteOrder(kind, itemSize);
        ByteOrder order = ordered ? byteOrder : ByteOrder.LITTLE_ENDIAN;
        String descr = Descr.write(kind, itemSize, order, unit);
        return new DType(kind, itemSize, order, unit, List.of(), new Literal.Text(descr));
    }

    static DType struct(int itemSize, List<Field> fields) {
        Literal descr = new Literal.Sequence(fields.stream().map(Field::literal).toList());
        return new DType(Kind.STRUCT, itemSize, ByteOrder.LITTLE_ENDIAN, "", List.copyOf(fields), descr);
    }

    /**
     * Reads a type as NumPy's {@code dtype.descr} writes it: {@code <f8}, {@code |b1}, {@code >M8[ns]}, or the text of
     * a list of fields, {@code [('a', '<i4'), ('b', '>f8', (2,))]}. A missing byte order, {@code =} and {@code |} are
     * little endian, the native order of what NumPy runs on.
     *
     * @throws ArrayFormatException where it is none, or one that is not carried (objects, long double, variable length)
     */
    public static DType parse(String descr) {
        return of(descr.startsWith("[") ? Literal.parse(descr) : new Literal.Text(descr));
    }

    /** The same as {@link #parse} for a descr that is read already. */
    public static DType of(Literal descr) {
        return Descr.read(descr);
    }

    /**
     * A plain type in little endian order; a time has no unit (NumPy's generic {@code M8}).
     *
     * @param itemSize bytes per element, for UNICODE a multiple of 4
     * @throws ArrayFormatException where that kind has no such size
     * @throws IllegalArgumentException for STRUCT, which has fields: use {@link #parse}
     */
    public static DType of(Kind kind, int itemSize) {
        if (kind == Kind.STRUCT) {
            throw new IllegalArgumentException("a structured dtype has fields: make it with DType.parse(descr)");
        }
        if (!Descr.exists(kind, itemSize)) {
            throw new ArrayFormatException("no dtype of kind " + kind + " has " + itemSize + " bytes");
        }
        return plain(kind, itemSize, ByteOrder.LITTLE_ENDIAN, "");
    }

    public Kind kind() {
        return kind;
    }

    /** Bytes per element; 0 is possible for bytes, unicode, void and structures. */
    public int itemSize() {
        return itemSize;
    }

    /** The order of a number's bytes; LITTLE_ENDIAN where it has none (single bytes; structures, field by field). */
    public ByteOrder byteOrder() {
        return byteOrder;
    }

    /** The type as NumPy writes it, {@code <f8} or a Python list of fields; {@link #parse} reads it back. */
    public String descr() {
        return descr instanceof Literal.Text(String text) ? text : descr.repr();
    }

    /** {@link #descr} as a Python value: a string, or a list of fields. */
    public Literal literal() {
        return descr;
    }

    /** NumPy's name: {@code float64}, {@code str160}, {@code datetime64[ns]}; of structures, the descr. */
    public String name() {
        return switch (kind) {
            case BOOL -> "bool";
            case INT -> "int" + 8L * itemSize;
            case UINT -> "uint" + 8L * itemSize;
            case FLOAT -> "float" + 8L * itemSize;
            case COMPLEX -> "complex" + 8L * itemSize;
            case BYTES -> sized("bytes");
            case UNICODE -> sized("str");
            case VOID -> sized("void");
            case DATETIME -> "datetime64" + unit;
            case TIMEDELTA -> "timedelta64" + unit;
            case STRUCT -> descr();
        };
    }

    private String sized(String name) {
        return itemSize == 0 ? name : name + 8L * itemSize;
    }

    /** The same type in little endian order, fields of structures included. */
    public DType littleEndian() {
        return kind == Kind.STRUCT
                ? struct(itemSize, fields.stream().map(Field::littleEndian).toList())
                : plain(kind, itemSize, ByteOrder.LITTLE_ENDIAN, unit);
    }

    /**
     * The bytes that an array of this type and shape takes.
     *
     * @throws ArrayFormatException where 64 bits cannot count them, lengths of 0 left out as in NumPy
     */
    public long bytes(Shape shape) {
        try {
            long bytes = Math.multiplyExact(shape.extent(), (long) itemSize);
            return shape.size() == 0 ? 0 : bytes;
        } catch (ArithmeticException e) {
            throw new ArrayFormatException(
                    name() + " " + shape + " has more bytes than 64 bits can count: check its lengths", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DType dtype && descr.equals(dtype.descr);
    }

    @Override
    public int hashCode() {
        return descr.hashCode();
    }

    @Override
    public String toString() {
        return descr();
    }
}
