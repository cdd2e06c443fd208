package io.fanfold.worker.function;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType.Kind;
import io.fanfold.protocol.array.Numbers;
import io.fanfold.protocol.array.Order;

/**
 * Points of the plane: an array of complex numbers, or of (re, im) rows along its last axis; counted in the array's
 * memory order without that axis. The parts of a point lie side by side; but of rows in Fortran order, whose last axis
 * is the slowest, all real parts come before all imaginary ones.
 */
record Points(Numbers parts, boolean apart) {

    static Points of(ArraySlice array) {
        boolean rows = array.dtype().kind() != Kind.COMPLEX;
        return new Points(Numbers.of(array), rows && array.order() == Order.FORTRAN);
    }

    /** The parts of the points {@code [start, start + count)}, into the first elements of two arrays. */
    void load(long start, int count, double[] re, double[] im) {
        if (apart) {
            parts.slice(start, count).load(re);
            parts.slice(parts.count() / 2 + start, count).load(im);
            return;
        }
        double[] pairs = new double[2 * count];
        parts.slice(2 * start, 2L * count).load(pairs);
        for (int i = 0; i < count; i++) {
            re[i] = pairs[2 * i];
            im[i] = pairs[2 * i + 1];
        }
    }
}
