package io.fanfold.cli;

import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.NpyHeader;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/**
 * The plane that the demo maps: {@code size} × {@code size} complex128 points over the Mandelbrot set, and the same computed in this
 * JVM, to compare with.
 */
record MandelbrotPlane(int size, int iterations) {
    private static final double LEFT = -2.0;
    private static final double TOP = 1.25;
    private static final double SIDE = 2.5;
    private static final ValueLayout.OfInt INT32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private double re(int x) {
        return LEFT + SIDE * x / (size - 1);
    }

    private double im(int y) {
        return TOP - SIDE * y / (size - 1);
    }

    /** Writes the points as a {@code .npy} file of shape (size, size), dtype complex128. */
    void write(Path npy) throws IOException {
        NpyHeader header = new NpyHeader(DType.of(DType.Kind.COMPLEX, 16), Shape.of(size, size), Order.C);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(npy), 1 << 20)) {
            out.write(header.encode());
            byte[] bytes = new byte[16 * size];
            ByteBuffer row = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            for (int y = 0; y < size; y++) {
                row.clear();
                for (int x = 0; x < size; x++) {
                    row.putDouble(re(x)).putDouble(im(y));
                }
                out.write(bytes);
            }
        }
    }

    /** How many of the counts differ from those computed here, on all cores. */
    long differences(MemorySegment counts) {
        return IntStream.range(0, size)
                .parallel()
                .mapToLong(y -> {
                    long wrong = 0;
                    for (int x = 0; x < size; x++) {
                        int count = counts.getAtIndex(INT32, (long) y * size + x);
                        wrong += count == escape(re(x), im(y)) ? 0 : 1;
                    }
                    return wrong;
                })
                .sum();
    }

    private int escape(double re, double im) {
        double x = 0;
        double y = 0;
        for (int i = 0; i < iterations; i++) {
            double xx = x * x - y * y + re;
            y = 2 * x * y + im;
            x = xx;
            if (x * x + y * y > 4) {
                return i + 1;
            }
        }
        return iterations;
    }
}
