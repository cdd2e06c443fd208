package io.fanfold.protocol.array;

import io.fanfold.protocol.array.DType.Kind;
import java.lang.foreign.MemorySegment;

/** Moves float32, float16 and integers of up to 16 bits between memory and {@code float[]}, which holds them exactly. */
final class Floats {
    private Floats() {}

    /** All the numbers, into the first elements of {@code to}. */
    static void load(Numbers from, float[] to) {
        int n = (int) from.count();
        if (from.kind() != Kind.FLOAT) {
            loadIntegers(from, to, n);
        } else if (from.width() == Float.BYTES) {
            MemorySegment.copy(from.memory(), from.floats(), 0, to, 0, n);
        } else {
            loadHalves(from, to, n);
        }
    }

    private static void loadHalves(Numbers from, float[] to, int n) {
        short[] raw = new short[n];
        MemorySegment.copy(from.memory(), from.shorts(), 0, raw, 0, n);
        for (int i = 0; i < n; i++) {
            to[i] = Float.float16ToFloat(raw[i]);
        }
    }

    private static void loadIntegers(Numbers from, float[] to, int n) {
        long[] raw = new long[n];
        Longs.load(from, raw);
        for (int i = 0; i < n; i++) {
            to[i] = raw[i];
        }
    }

    /** The first elements of {@code from}, as many as {@code to} holds, rounded to float16 where it is that. */
    static void store(float[] from, Numbers to) {
        int n = (int) to.count();
        if (to.width() == Float.BYTES) {
            MemorySegment.copy(from, 0, to.memory(), to.floats(), 0, n);
        } else {
            storeHalves(from, to, n);
        }
    }

    private static void storeHalves(float[] from, Numbers to, int n) {
        short[] raw = new short[n];
        for (int i = 0; i < n; i++) {
            raw[i] = Float.floatToFloat16(from[i]);
        }
        MemorySegment.copy(raw, 0, to.memory(), to.shorts(), 0, n);
    }

    /**
     * The float16 nearest to a double, as a float. Rounding by way of float32 would round twice; so float32 is rounded to
     * odd first, which the second rounding cannot mistake for a tie.
     */
    static float nearestHalf(double value) {
        float single = (float) value;
        if (single != value && Float.isFinite(single)) {
            int bits = Float.floatToRawIntBits(single);
            int truncated = Math.abs((double) single) > Math.abs(value) ? bits - 1 : bits;
            single = Float.intBitsToFloat(truncated | 1);
        }
        return Float.float16ToFloat(Float.floatToFloat16(single));
    }
}
