package io.fanfold.protocol.array;

import java.lang.foreign.MemorySegment;

/**
 * A contiguous n-dimensional array: dtype, shape and order over memory that belongs to somebody else. Whoever made the
 * slice owns the memory and says how long it lives (a mapped file's arena, a record's value); a slice neither copies,
 * changes nor frees it, and keeps heap memory reachable. The memory need not be aligned: use unaligned layouts.
 * Safe between threads as far as the segment is.
 */
public final class ArraySlice {
    private final DType dtype;
    private final Shape shape;
    private final Order order;
    private final MemorySegment data;

    /**
     * @param data exactly the array's bytes: {@code shape.size() * dtype.itemSize()}
     * @throws ArrayFormatException where the segment has another size
     */
    public ArraySlice(DType dtype, Shape shape, Order order, MemorySegment data) {
        if (data.byteSize() != dtype.bytes(shape)) {
            throw new ArrayFormatException(dtype.name() + " " + shape + " takes " + dtype.bytes(shape)
                    + " bytes, the memory given has " + data.byteSize() + ": pass exactly the array's bytes");
        }
        this.dtype = dtype;
        this.shape = shape;
        this.order = order;
        this.data = data;
    }

    /**
     * A float64 array of a Java array's own memory: nothing is copied.
     *
     * @param shape in C order; none: one axis, as long as the array
     * @throws ArrayFormatException where the shape has another number of elements
     */
    public static ArraySlice of(double[] values, long... shape) {
        return JavaArrays.slice("f8", MemorySegment.ofArray(values), values.length, shape);
    }

    /** The same, float32. */
    public static ArraySlice of(float[] values, long... shape) {
        return JavaArrays.slice("f4", MemorySegment.ofArray(values), values.length, shape);
    }

    /** The same, int64. */
    public static ArraySlice of(long[] values, long... shape) {
        return JavaArrays.slice("i8", MemorySegment.ofArray(values), values.length, shape);
    }

    /** The same, int32. */
    public static ArraySlice of(int[] values, long... shape) {
        return JavaArrays.slice("i4", MemorySegment.ofArray(values), values.length, shape);
    }

    public DType dtype() {
        return dtype;
    }

    public Shape shape() {
        return shape;
    }

    public Order order() {
        return order;
    }

    public MemorySegment data() {
        return data;
    }

    /**
     * Its elements in C order, in a new Java array; 64-bit integers are rounded to the nearest double.
     *
     * @throws ArrayFormatException where they are no bools, integers or floats, or more than a Java array may have
     */
    public double[] toDoubles() {
        return JavaArrays.doubles(this);
    }

    /** The same for floats of up to 32 bits and integers of up to 16, exactly. */
    public float[] toFloats() {
        return JavaArrays.floats(this);
    }

    /** The same for bools, integers and times; 64-bit unsigned ones keep their bits. */
    public long[] toLongs() {
        return JavaArrays.longs(this);
    }

    /** The same for bools, signed integers of up to 32 bits and unsigned ones of up to 16. */
    public int[] toInts() {
        return JavaArrays.ints(this);
    }

    @Override
    public String toString() {
        return dtype.name() + " " + shape + " " + order;
    }
}
