package io.fanfold.protocol.array;

import java.util.stream.LongStream;

/**
 * An array seen along one axis: its memory is {@code outer} blocks, each of {@code rows} rows, each of
 * {@code innerBytes} contiguous bytes. Rows {@code [start, start + length)} are, in each block {@code o}, the
 * {@code length * innerBytes} bytes from {@code (o * rows + start) * innerBytes}; written one block after the other
 * they are the array of those rows, in the same memory order.
 *
 * @param outer number of blocks: the product of the slower axes (C: those before the axis, Fortran: those after it)
 * @param rows length of the axis
 * @param innerBytes bytes of a row within a block: the product of the faster axes, times the item size
 */
public record AxisLayout(long outer, long rows, long innerBytes) {
    public AxisLayout {
        if (outer < 0 || rows < 0 || innerBytes < 0) {
            throw new IllegalArgumentException("a layout of " + outer + " blocks of " + rows + " rows of " + innerBytes
                    + " bytes: none is negative");
        }
    }

    /**
     * The layout of such an array along an axis, counted from 0.
     *
     * @throws IllegalArgumentException where there is no such axis
     * @throws ArrayFormatException where the array has more bytes than 64 bits can count
     */
    public static AxisLayout of(DType dtype, Shape shape, Order order, int axis) {
        long rows = shape.dim(axis);
        long before = LongStream.of(shape.dims()).limit(axis).reduce(1, (a, b) -> a * b);
        long after = LongStream.of(shape.dims()).skip(axis + 1L).reduce(1, (a, b) -> a * b);
        dtype.bytes(shape); // refuses what does not fit
        return switch (order) {
            case C -> new AxisLayout(before, rows, after * dtype.itemSize());
            case FORTRAN -> new AxisLayout(after, rows, before * dtype.itemSize());
        };
    }
}
