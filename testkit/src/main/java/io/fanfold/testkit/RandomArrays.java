package io.fanfold.testkit;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Arrays of every kind that travels, the same ones for the same seed. Not thread-safe. */
public final class RandomArrays {
    private static final List<String> NUMBERS = List.of(
            "i2", "i4", "i8", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16", "M8[ns]", "M8[D]", "m8[us]", "U5");
    private static final List<String> SINGLE_BYTES = List.of("|b1", "|i1", "|u1", "|S7");
    private static final List<String> STRUCTURES = List.of(
            "[('a', '<i4'), ('b', '>f8', (2,))]", "[('t', '>M8[s]'), ('s', '|S3'), ('ok', '|b1'), ('u', '<U2')]");

    private final Random random;

    public RandomArrays(long seed) {
        this.random = new Random(seed);
    }

    /** One of each dtype that travels, in both byte orders where it has one. */
    public static List<DType> dtypes() {
        Stream<String> ordered = NUMBERS.stream().flatMap(t -> Stream.of("<" + t, ">" + t));
        return Stream.of(ordered, SINGLE_BYTES.stream(), STRUCTURES.stream())
                .flatMap(s -> s)
                .map(DType::parse)
                .toList();
    }

    /** Any dtype, 1 to 4 axes of 0 to 12, either order. */
    public ArraySlice any() {
        List<DType> dtypes = dtypes();
        return of(dtypes.get(random.nextInt(dtypes.size())), shape(), order());
    }

    /** 1 to 4 axes; one in eight has length 0, one in eight has length 1. */
    public Shape shape() {
        long[] dims = new long[1 + random.nextInt(4)];
        for (int i = 0; i < dims.length; i++) {
            int luck = random.nextInt(8);
            dims[i] = luck <= 1 ? luck : 1 + random.nextInt(12);
        }
        return Shape.of(dims);
    }

    public Order order() {
        return random.nextBoolean() ? Order.C : Order.FORTRAN;
    }

    /** A whole number from 0 to {@code below - 1}. */
    public int below(int below) {
        return random.nextInt(below);
    }

    /** Random elements, all of them ones that NumPy can hold: bools are 0 or 1, characters are letters. */
    public ArraySlice of(DType dtype, Shape shape, Order order) {
        byte[] bytes = new byte[Math.toIntExact(dtype.bytes(shape))];
        random.nextBytes(bytes);
        List<Run> runs = runs(dtype);
        for (int at = 0; at < bytes.length; at += dtype.itemSize()) {
            for (Run run : runs) {
                tame(bytes, at + run.offset(), run);
            }
        }
        return new ArraySlice(dtype, shape, order, MemorySegment.ofArray(bytes));
    }

    /** A plain part of an element. */
    private record Run(int offset, DType type) {}

    /** The parts of an element whose bytes are not free; those of {@link #STRUCTURES} are known here. */
    private static List<Run> runs(DType dtype) {
        List<Run> runs = new ArrayList<>();
        switch (dtype.kind()) {
            case BOOL, UNICODE, BYTES -> runs.add(new Run(0, dtype));
            case STRUCT -> {
                if (dtype.descr().equals(STRUCTURES.get(1))) {
                    runs.add(new Run(8, DType.parse("|S3")));
                    runs.add(new Run(11, DType.parse("|b1")));
                    runs.add(new Run(12, DType.parse("<U2")));
                }
            }
            case INT, UINT, FLOAT, COMPLEX, DATETIME, TIMEDELTA, VOID -> {}
        }
        return runs;
    }

    private static void tame(byte[] bytes, int at, Run run) {
        switch (run.type().kind()) {
            case BOOL -> bytes[at] &= 1;
            case BYTES -> letters(bytes, at, run.type().itemSize());
            case UNICODE -> characters(bytes, at, run.type());
            case INT, UINT, FLOAT, COMPLEX, DATETIME, TIMEDELTA, VOID, STRUCT -> {}
        }
    }

    private static void letters(byte[] bytes, int at, int length) {
        for (int i = at; i < at + length; i++) {
            bytes[i] = (byte) ('a' + Math.floorMod(bytes[i], 26));
        }
    }

    private static void characters(byte[] bytes, int at, DType type) {
        ByteBuffer text = ByteBuffer.wrap(bytes, at, type.itemSize())
                .order(type.byteOrder() == ByteOrder.BIG_ENDIAN ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        while (text.hasRemaining()) {
            int position = text.position();
            text.putInt(position, 0x41 + Math.floorMod(text.getInt(position), 0x2000));
            text.position(position + Integer.BYTES);
        }
    }
}
