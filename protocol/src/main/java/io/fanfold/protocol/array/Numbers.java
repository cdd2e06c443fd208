package io.fanfold.protocol.array;

import io.fanfold.protocol.array.DType.Kind;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Numbers one after the other in memory; complex ones are two floats each, real and imaginary. They are moved to and from
 * arrays in bulk, which settles byte order and alignment. Any thread.
 *
 * @param kind BOOL, INT, UINT, FLOAT, DATETIME or TIMEDELTA
 * @param width bytes of one number
 */
public record Numbers(MemorySegment memory, Kind kind, int width, ByteOrder order) {

    public static Numbers of(ArraySlice array) {
        return of(array.dtype(), array.data());
    }

    public static Numbers of(DType dtype, MemorySegment memory) {
        return dtype.kind() == Kind.COMPLEX
                ? new Numbers(memory, Kind.FLOAT, dtype.itemSize() / 2, dtype.byteOrder())
                : new Numbers(memory, dtype.kind(), dtype.itemSize(), dtype.byteOrder());
    }

    /** The same memory as integers, to work on the bits of floats. */
    public Numbers bits() {
        return new Numbers(memory, Kind.INT, width, order);
    }

    /** The numbers {@code [start, start + count)}. */
    public Numbers slice(long start, long count) {
        return new Numbers(memory.asSlice(start * width, count * width), kind, width, order);
    }

    public long count() {
        return memory.byteSize() / width;
    }

    /**
     * Loads all of them, bools, integers and times, into the first elements of an array; 64-bit unsigned ones keep their bits, and
     * whatever is not 0 is true.
     */
    public void load(long[] to) {
        Longs.load(this, to);
    }

    /** Loads all of them, integers of up to 16 bits and floats of up to 32, into the first elements of an array, exactly. */
    public void load(float[] to) {
        Floats.load(this, to);
    }

    /** Loads all of them into the first elements of an array; 64-bit integers are rounded to the nearest double. */
    public void load(double[] to) {
        Doubles.load(this, to);
    }

    /** Overwrites all of these integers with the first elements of an array; what does not fit their width is cut off. */
    public void store(long[] from) {
        Longs.store(from, this);
    }

    /** Overwrites all of these floats of up to 32 bits with the first elements of an array, each rounded. */
    public void store(float[] from) {
        Floats.store(from, this);
    }

    /** Overwrites all of these floats with the first elements of an array, each rounded once. */
    public void store(double[] from) {
        Doubles.store(from, this);
    }

    /** The float16 nearest to a double, as a float: rounded once. */
    public static float nearestHalf(double value) {
        return Floats.nearestHalf(value);
    }

    ValueLayout.OfShort shorts() {
        return ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order);
    }

    ValueLayout.OfInt ints() {
        return ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
    }

    ValueLayout.OfLong longs() {
        return ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order);
    }

    ValueLayout.OfFloat floats() {
        return ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(order);
    }

    ValueLayout.OfDouble doubles() {
        return ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(order);
    }
}
