package io.fanfold.protocol.array;

import io.fanfold.protocol.array.DType.Kind;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Moves integers and bools of any width between memory and {@code long[]}: extended on the way in, cut on the way out. */
final class Longs {
    private Longs() {}

    /** All the numbers, into the first elements of {@code to}; 64-bit unsigned ones keep their bits. */
    static void load(Numbers from, long[] to) {
        int n = (int) from.count();
        switch (from.width()) {
            case 1 -> loadBytes(from, to, n);
            case 2 -> loadShorts(from, to, n);
            case 4 -> loadInts(from, to, n);
            default -> MemorySegment.copy(from.memory(), from.longs(), 0, to, 0, n);
        }
    }

    private static void loadBytes(Numbers from, long[] to, int n) {
        byte[] raw = new byte[n];
        MemorySegment.copy(from.memory(), ValueLayout.JAVA_BYTE, 0, raw, 0, n);
        long mask = from.kind() == Kind.INT ? -1L : 0xFFL;
        for (int i = 0; i < n; i++) {
            to[i] = raw[i] & mask;
        }
        if (from.kind() == Kind.BOOL) {
            for (int i = 0; i < n; i++) {
                to[i] = to[i] == 0 ? 0 : 1;
            }
        }
    }

    private static void loadShorts(Numbers from, long[] to, int n) {
        short[] raw = new short[n];
        MemorySegment.copy(from.memory(), from.shorts(), 0, raw, 0, n);
        long mask = from.kind() == Kind.INT ? -1L : 0xFFFFL;
        for (int i = 0; i < n; i++) {
            to[i] = raw[i] & mask;
        }
    }

    private static void loadInts(Numbers from, long[] to, int n) {
        int[] raw = new int[n];
        MemorySegment.copy(from.memory(), from.ints(), 0, raw, 0, n);
        long mask = from.kind() == Kind.INT ? -1L : 0xFFFF_FFFFL;
        for (int i = 0; i < n; i++) {
            to[i] = raw[i] & mask;
        }
    }

    /** The first elements of {@code from}, as many as {@code to} holds; what does not fit its width is cut off. */
    static void store(long[] from, Numbers to) {
        int n = (int) to.count();
        switch (to.width()) {
            case 1 -> storeBytes(from, to, n);
            case 2 -> storeShorts(from, to, n);
            case 4 -> storeInts(from, to, n);
            default -> MemorySegment.copy(from, 0, to.memory(), to.longs(), 0, n);
        }
    }

    private static void storeBytes(long[] from, Numbers to, int n) {
        byte[] raw = new byte[n];
        for (int i = 0; i < n; i++) {
            raw[i] = (byte) from[i];
        }
        MemorySegment.copy(raw, 0, to.memory(), ValueLayout.JAVA_BYTE, 0, n);
    }

    private static void storeShorts(long[] from, Numbers to, int n) {
        short[] raw = new short[n];
        for (int i = 0; i < n; i++) {
            raw[i] = (short) from[i];
        }
        MemorySegment.copy(raw, 0, to.memory(), to.shorts(), 0, n);
    }

    private static void storeInts(long[] from, Numbers to, int n) {
        int[] raw = new int[n];
        for (int i = 0; i < n; i++) {
            raw[i] = (int) from[i];
        }
        MemorySegment.copy(raw, 0, to.memory(), to.ints(), 0, n);
    }
}
