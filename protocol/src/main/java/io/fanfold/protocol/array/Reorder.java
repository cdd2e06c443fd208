package io.fanfold.protocol.array;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * An array in the other memory order. Its axes longer than 1 are walked so that the one that varies fastest before and
 * the one that varies fastest after are copied together in square tiles, which keeps both sides in the caches.
 */
public final class Reorder {
    private static final int TILE = 32;
    private static final long LARGEST = Integer.MAX_VALUE - 8;

    private final MemorySegment from;
    private final MemorySegment to;
    private final int itemSize;
    private final long[] dims;
    /** Bytes from one element to the next along each axis, where the array is and where it goes. */
    private final long[] fromSteps;

    private final long[] toSteps;

    private Reorder(MemorySegment from, MemorySegment to, int itemSize, long[] dims, Order order) {
        this.from = from;
        this.to = to;
        this.itemSize = itemSize;
        this.dims = dims;
        this.toSteps = steps(order, dims, itemSize);
        this.fromSteps = steps(order == Order.C ? Order.FORTRAN : Order.C, dims, itemSize);
    }

    /**
     * The array in that order. The result shares the slice's memory where both orders are the same bytes (the order is
     * that already, no elements, or at most one axis longer than 1); otherwise it is a copy on the heap.
     *
     * @throws ArrayFormatException where the copy would be larger than a Java array (2 GiB)
     */
    public static ArraySlice to(Order order, ArraySlice slice) {
        if (slice.order() == order) {
            return slice;
        }
        if (slice.shape().ordersCoincide()) {
            return new ArraySlice(slice.dtype(), slice.shape(), order, slice.data());
        }
        MemorySegment copy = MemorySegment.ofArray(new byte[length(slice)]);
        long[] dims = Arrays.stream(slice.shape().dims()).filter(dim -> dim > 1).toArray();
        new Reorder(slice.data(), copy, slice.dtype().itemSize(), dims, order).copy(1, 0, 0);
        return new ArraySlice(slice.dtype(), slice.shape(), order, copy);
    }

    private static int length(ArraySlice slice) {
        if (slice.data().byteSize() > LARGEST) {
            throw new ArrayFormatException(slice + " has " + slice.data().byteSize()
                    + " bytes, too many to reorder at once" + " (" + LARGEST + "): split it first");
        }
        return (int) slice.data().byteSize();
    }

    private static long[] steps(Order order, long[] dims, int itemSize) {
        long[] steps = new long[dims.length];
        long step = itemSize;
        for (int i = 0; i < dims.length; i++) {
            int axis = order == Order.FORTRAN ? i : dims.length - 1 - i;
            steps[axis] = step;
            step *= dims[axis];
        }
        return steps;
    }

    /** Copies everything below a position of the axes before {@code axis}; the first and the last come together. */
    private void copy(int axis, long at, long there) {
        if (axis == dims.length - 1) {
            transpose(at, there);
            return;
        }
        for (long i = 0; i < dims[axis]; i++) {
            copy(axis + 1, at + i * fromSteps[axis], there + i * toSteps[axis]);
        }
    }

    private void transpose(long at, long there) {
        int last = dims.length - 1;
        for (long i = 0; i < dims[0]; i += TILE) {
            for (long j = 0; j < dims[last]; j += TILE) {
                tile(at, there, i, j);
            }
        }
    }

    private void tile(long at, long there, long row, long column) {
        int last = dims.length - 1;
        long rows = Math.min(row + TILE, dims[0]);
        long columns = Math.min(column + TILE, dims[last]);
        long fromStep = fromSteps[last];
        long toStep = toSteps[last];
        for (long i = row; i < rows; i++) {
            long fromRow = at + i * fromSteps[0];
            long toRow = there + i * toSteps[0];
            for (long j = column; j < columns; j++) {
                element(fromRow + j * fromStep, toRow + j * toStep);
            }
        }
    }

    private void element(long at, long there) {
        switch (itemSize) {
            case 1 -> to.set(ValueLayout.JAVA_BYTE, there, from.get(ValueLayout.JAVA_BYTE, at));
            case 2 -> to.set(ValueLayout.JAVA_SHORT_UNALIGNED, there, from.get(ValueLayout.JAVA_SHORT_UNALIGNED, at));
            case 4 -> to.set(ValueLayout.JAVA_INT_UNALIGNED, there, from.get(ValueLayout.JAVA_INT_UNALIGNED, at));
            case 8 -> to.set(ValueLayout.JAVA_LONG_UNALIGNED, there, from.get(ValueLayout.JAVA_LONG_UNALIGNED, at));
            default -> wide(at, there);
        }
    }

    /** An element in steps of 8 bytes, then of 1: for short ones quicker than a bulk copy. */
    private void wide(long at, long there) {
        int done = 0;
        for (; done <= itemSize - Long.BYTES; done += Long.BYTES) {
            to.set(ValueLayout.JAVA_LONG_UNALIGNED, there + done, from.get(ValueLayout.JAVA_LONG_UNALIGNED, at + done));
        }
        for (; done < itemSize; done++) {
            to.set(ValueLayout.JAVA_BYTE, there + done, from.get(ValueLayout.JAVA_BYTE, at + done));
        }
    }
}
