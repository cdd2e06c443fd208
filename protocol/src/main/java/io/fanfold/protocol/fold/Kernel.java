package io.fanfold.protocol.fold;

import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.DType.Kind;
import io.fanfold.protocol.array.Numbers;
import java.lang.foreign.MemorySegment;
import java.util.OptionalInt;

/**
 * How elements of one kind are folded.
 *
 * @param lanes what is computed in
 * @param width lanes of an element: 2 for complex numbers
 * @param identity what a fold of nothing is, real; empty: there is none
 * @param truth whether it is not the elements that are folded but 1 for each that is not 0, and 0 for the others
 */
record Kernel<A>(Lanes<A> lanes, Step<A> step, int width, OptionalInt identity, boolean truth) {
    private static final DType BOOL = DType.of(Kind.BOOL, 1);

    /** A fold of integers, bools or times. */
    static Kernel<long[]> ofLongs(Step<long[]> step, OptionalInt identity) {
        return new Kernel<>(Lanes.LONGS, step, 1, identity, false);
    }

    /** A fold of what is true of elements of any kind. */
    static Kernel<long[]> ofTruth(Step<long[]> step, int identity) {
        return new Kernel<>(Lanes.LONGS, step, 1, OptionalInt.of(identity), true);
    }

    /** A fold of floats, or, with two lanes, complex numbers. */
    static Kernel<double[]> ofDoubles(Step<double[]> step, int width, OptionalInt identity) {
        return new Kernel<>(Lanes.DOUBLES, step, width, identity, false);
    }

    /** The elements of an outcome, into the first lanes. */
    void take(DType dtype, MemorySegment elements, A to) {
        Numbers numbers = Numbers.of(dtype, elements);
        if (truth) {
            lanes.load(Numbers.of(BOOL, truth(dtype, numbers)), to);
        } else {
            lanes.load(numbers, to);
        }
    }

    /** For each element whether it is not 0, as bools. */
    private static MemorySegment truth(DType dtype, Numbers numbers) {
        int count = (int) numbers.count();
        int parts = dtype.kind() == Kind.COMPLEX ? 2 : 1;
        byte[] truth = new byte[count / parts];
        if (numbers.kind() == Kind.FLOAT) {
            double[] values = new double[count];
            numbers.load(values);
            for (int i = 0; i < count; i++) {
                truth[i / parts] |= (byte) (values[i] == 0 ? 0 : 1);
            }
        } else {
            long[] values = new long[count];
            numbers.load(values);
            for (int i = 0; i < count; i++) {
                truth[i] = (byte) (values[i] == 0 ? 0 : 1);
            }
        }
        return MemorySegment.ofArray(truth);
    }
}
