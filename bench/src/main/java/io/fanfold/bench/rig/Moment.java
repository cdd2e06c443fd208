package io.fanfold.bench.rig;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.npy.Npy;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.function.LongToDoubleFunction;

/**
 * One number that stands for an array, {@code sum(i * y[i]) / size} in C order: results that differ, or have pieces in other places, have
 * other moments, and it is as quickly computed in NumPy as in Java.
 */
public final class Moment {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Moment() {}

    /** Of so many numbers. */
    public static double of(long size, LongToDoubleFunction number) {
        double sum = 0;
        for (long i = 0; i < size; i++) {
            sum += i * number.applyAsDouble(i);
        }
        return sum / size;
    }

    /** Of a {@code .npy} file of uint8, int32 or float64. */
    public static double of(Path npy) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            ArraySlice array = Npy.map(npy, arena);
            return of(array.shape().size(), numbers(array));
        }
    }

    private static LongToDoubleFunction numbers(ArraySlice array) {
        MemorySegment data = array.data();
        String dtype = array.dtype().name();
        return switch (dtype) {
            case "uint8" -> i -> data.get(ValueLayout.JAVA_BYTE, i) & 0xff;
            case "int32" -> i -> data.getAtIndex(INT, i);
            case "float64" -> i -> data.getAtIndex(DOUBLE, i);
            default -> throw new IllegalArgumentException(dtype + " is neither uint8, int32 nor float64");
        };
    }
}
