package io.fanfold.protocol.array;

import io.fanfold.protocol.array.DType.Kind;
import java.lang.foreign.MemorySegment;

/** Moves real numbers between memory and {@code double[]}: 64-bit integers are rounded to the nearest double. */
final class Doubles {
    private Doubles() {}

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
