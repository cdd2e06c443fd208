package io.fanfold.protocol.array;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Arrays for tests, and the plainest possible way to one element's bytes: an index, and strides as NumPy defines them.
 * Slow and obviously right, to compare with.
 */
final class Elements {
    private Elements() {}

    /** An array whose bytes all differ from their neighbours. */
    static ArraySlice filled(DType dtype, Shape shape, Order order) {
        byte[] bytes = new byte[(int) dtype.bytes(shape)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31 + i / 251);
        }
        return new ArraySlice(dtype, shape, order, MemorySegment.ofArray(bytes));
    }

    /** The bytes of the element at an index. */
    static byte[] at(ArraySlice array, long[] index) {
        long offset = 0;
        long stride = array.dtype().itemSize();
        int rank = array.shape().rank();
        for (int i = 0; i < rank; i++) {
            int axis = array.order() == Order.FORTRAN ? i : rank - 1 - i;
            offset += index[axis] * stride;
            stride *= array.shape().dim(axis);
        }
        return array.data().asSlice(offset, array.dtype().itemSize()).toArray(ValueLayout.JAVA_BYTE);
    }

    /** The index that follows in C order, in place; false after the last one. */
    static boolean next(long[] index, Shape shape) {
        for (int axis = index.length - 1; axis >= 0; axis--) {
            if (++index[axis] < shape.dim(axis)) {
                return true;
            }
            index[axis] = 0;
        }
        return false;
    }

    static byte[] bytes(ArraySlice array) {
        return array.data().toArray(ValueLayout.JAVA_BYTE);
    }
}
