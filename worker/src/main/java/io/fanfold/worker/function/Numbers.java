package io.fanfold.worker.function;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.DType.Kind;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Numbers one after the other in memory; complex ones are two floats each, real and imaginary.
 *
 * @param kind BOOL, INT, UINT or FLOAT
 * @param width bytes of one number
 */
record Numbers(MemorySegment memory, Kind kind, int width, ByteOrder order) {

    static Numbers of(ArraySlice array) {
        return of(array.dtype(), array.data());
    }

    static Numbers of(DType dtype, MemorySegment memory) {
        return dtype.kind() == Kind.COMPLEX
                ? new Numbers(memory, Kind.FLOAT, dtype.itemSize() / 2, dtype.byteOrder())
                : new Numbers(memory, dtype.kind(), dtype.itemSize(), dtype.byteOrder());
    }

    /** The same memory as integers, to work on the bits of floats. */
    Numbers bits() {
        return new Numbers(memory, Kind.INT, width, order);
    }

    /** The numbers {@code [start, start + count)}. */
    Numbers slice(long start, long count) {
        return new Numbers(memory.asSlice(start * width, count * width), kind, width, order);
    }

    long count() {
        return memory.byteSize() / width;
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
