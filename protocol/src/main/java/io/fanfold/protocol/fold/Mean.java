package io.fanfold.protocol.fold;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType.Kind;
import io.fanfold.protocol.array.Numbers;
import io.fanfold.protocol.array.Shape;
import java.lang.foreign.MemorySegment;

/**
 * Sums divided by how many elements they are of. The part of a mean along an axis is the sum, and the rows are counted beside it;
 * the part of a mean of all elements is the pair of their sum and their number.
 */
final class Mean {
    private Mean() {}

    /** Puts the number of elements after their sum. */
    static void putElements(Numbers pair, long elements) {
        if (pair.kind() == Kind.FLOAT) {
            double[] lanes = new double[(int) pair.count()];
            pair.load(lanes);
            lanes[lanes.length / 2] = (double) elements;
            pair.store(lanes);
        } else {
            long[] lanes = new long[2];
            pair.load(lanes);
            lanes[1] = elements;
            pair.store(lanes);
        }
    }

    /** The mean of all elements. */
    static ArraySlice ofPair(Way<?> way, ArraySlice pair) {
        MemorySegment sum = pair.data().asSlice(0, way.sums().itemSize());
        return way.rounded(divided(way, sum, elements(way.numbers(pair.data()))), Shape.of());
    }

    private static long elements(Numbers pair) {
        if (pair.kind() == Kind.FLOAT) {
            double[] lanes = new double[(int) pair.count()];
            pair.load(lanes);
            return (long) lanes[lanes.length / 2];
        }
        long[] lanes = new long[2];
        pair.load(lanes);
        return lanes[1];
    }

    /** The quotients of sums, in memory of their own. */
    static Numbers divided(Way<?> way, MemorySegment sums, long by) {
        Numbers from = way.numbers(sums);
        Numbers to = way.numbers(MemorySegment.ofArray(new byte[(int) sums.byteSize()]));
        for (long at = 0; at < from.count(); at += RowFold.LANES) {
            int count = (int) Math.min(RowFold.LANES, from.count() - at);
            divide(from.slice(at, count), to.slice(at, count), way.kernel().width(), by);
        }
        return to;
    }

    private static void divide(Numbers from, Numbers to, int width, long by) {
        int count = (int) from.count();
        if (from.kind() == Kind.FLOAT) {
            double[] lanes = new double[count];
            from.load(lanes);
            if (width == 2 && by != 0) {
                divideComplex(lanes, (double) by);
            } else {
                divideReal(lanes, (double) by);
            }
            Lanes.DOUBLES.store(lanes, to);
        } else {
            long[] lanes = new long[count];
            from.load(lanes);
            divideTimes(lanes, by);
            to.store(lanes);
        }
    }

    private static void divideReal(double[] lanes, double by) {
        for (int i = 0; i < lanes.length; i++) {
            lanes[i] /= by;
        }
    }

    /** As NumPy divides by a number whose imaginary part is 0: where one part is infinite or NaN, the other becomes NaN. */
    private static void divideComplex(double[] lanes, double by) {
        double ratio = 0 / by;
        double scale = 1 / by;
        for (int i = 0; i < lanes.length; i += 2) {
            double re = lanes[i];
            double im = lanes[i + 1];
            lanes[i] = (re + im * ratio) * scale;
            lanes[i + 1] = (im - re * ratio) * scale;
        }
    }

    /** Towards zero; without elements the mean is NaT. */
    private static void divideTimes(long[] lanes, long by) {
        for (int i = 0; i < lanes.length; i++) {
            lanes[i] = by == 0 || lanes[i] == LongSteps.NAT ? LongSteps.NAT : lanes[i] / by;
        }
    }
}
