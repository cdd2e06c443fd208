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

    @Override
    public String toString() {
        return dtype.name() + " " + shape + " " + order;
    }
}
