package io.fanfold.worker.function;

import io.fanfold.protocol.array.ArrayFormatException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.DType.Kind;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Reorder;
import io.fanfold.protocol.array.Shape;
import java.lang.foreign.MemorySegment;

/** Moves real numbers between memory and {@code double[]}: 64-bit integers are rounded to the nearest double. Any thread. */
public final class Doubles {
    private static final DType FLOAT64 = DType.of(Kind.FLOAT, Double.BYTES);

    private Doubles() {}

    /**
     * The numbers of an array in C order, whatever its own order, byte order and dtype.
     *
     * @throws IllegalArgumentException where they are not real numbers, or more than a Java array holds
     */
    public static double[] of(ArraySlice array) {
        switch (array.dtype().kind()) {
            case BOOL, INT, UINT, FLOAT -> {}
            case COMPLEX, BYTES, UNICODE, DATETIME, TIMEDELTA, VOID, STRUCT ->
                throw new IllegalArgumentException(array + " has no real numbers: take bool, integers and floats only");
        }
        long size = array.shape().size();
        if (size > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    array + " has more elements than a Java array holds: cut the array into more chunks");
        }
        double[] numbers = new double[(int) size];
        load(Numbers.of(Reorder.to(Order.C, array)), numbers);
        return numbers;
    }

    /**
     * A float64 array of these numbers in C order, in memory of its own.
     *
     * @throws ArrayFormatException where the shape has not as many
     */
    public static ArraySlice array(Shape shape, double... numbers) {
        MemorySegment memory = Answers.memory(FLOAT64, Shape.of(numbers.length));
        store(numbers, Numbers.of(FLOAT64, memory));
        return new ArraySlice(FLOAT64, shape, Order.C, memory);
    }

    /** All the numbers, into the first elements of {@code to}. */
    static void load(Numbers from, double[] to) {
        int n = (int) from.count();
        if (from.kind() != Kind.FLOAT) {
            loadIntegers(from, to, n);
        } else if (from.width() == Double.BYTES) {
            MemorySegment.copy(from.memory(), from.doubles(), 0, to, 0, n);
        } else {
            loadFloats(from, to, n);
        }
    }

    private static void loadFloats(Numbers from, double[] to, int n) {
        float[] raw = new float[n];
        Floats.load(from, raw);
        for (int i = 0; i < n; i++) {
            to[i] = raw[i];
        }
    }

    private static void loadIntegers(Numbers from, double[] to, int n) {
        long[] raw = new long[n];
        Longs.load(from, raw);
        if (from.kind() == Kind.UINT) {
            for (int i = 0; i < n; i++) {
                to[i] = unsigned(raw[i]);
            }
        } else {
            for (int i = 0; i < n; i++) {
                to[i] = raw[i];
            }
        }
    }

    /** The nearest double; halved first where the sign bit is taken, the bit lost kept for the rounding. */
    private static double unsigned(long bits) {
        return bits >= 0 ? bits : ((bits >>> 1) | (bits & 1)) * 2.0;
    }

    /** The first elements of {@code from}, as many as {@code to}, which are floats, holds; each rounded once. */
    static void store(double[] from, Numbers to) {
        int n = (int) to.count();
        if (to.width() == Double.BYTES) {
            MemorySegment.copy(from, 0, to.memory(), to.doubles(), 0, n);
            return;
        }
        float[] rounded = new float[n];
        for (int i = 0; i < n; i++) {
            rounded[i] = to.width() == Float.BYTES ? (float) from[i] : Floats.nearestHalf(from[i]);
        }
        Floats.store(rounded, to);
    }
}
