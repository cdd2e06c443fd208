package io.fanfold.bench.suite;

import io.fanfold.bench.rig.Moment;
import io.fanfold.bench.rig.Rival;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.npy.Npy;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;

/** One JVM that does the work with a parallel stream, as many threads as cores, from an array in memory to another. */
final class ParallelStream {
    private ParallelStream() {}

    /**
     * Serves rounds; the argument of a round is the number of iterations, where there are any.
     *
     * @param args {@code sqrt} or {@code mandelbrot}, and the array: {@code .npy} of float64, or of complex128
     */
    public static void main(String[] args) throws Exception {
        double[] numbers = numbers(Path.of(args[1]));
        switch (args[0]) {
            case "sqrt" -> Rival.serve(_ -> sqrt(numbers));
            case "mandelbrot" -> Rival.serve(iterations -> mandelbrot(numbers, Integer.parseInt(iterations)));
            default -> throw new IllegalArgumentException(args[0] + " is neither sqrt nor mandelbrot");
        }
    }

    private static double[] numbers(Path npy) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            ArraySlice array = Npy.map(npy, arena);
            return array.data().toArray(ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN));
        }
    }

    private static Rival.Answer sqrt(double[] x) {
        long begin = System.nanoTime();
        double[] roots = Arrays.stream(x).parallel().map(Math::sqrt).toArray();
        return new Rival.Answer(secondsSince(begin), Moment.of(roots.length, i -> roots[(int) i]));
    }

    private static Rival.Answer mandelbrot(double[] points, int iterations) {
        long begin = System.nanoTime();
        int[] counts = IntStream.range(0, points.length / 2)
                .parallel()
                .map(i -> count(points[2 * i], points[2 * i + 1], iterations))
                .toArray();
        return new Rival.Answer(secondsSince(begin), Moment.of(counts.length, i -> counts[(int) i]));
    }

    private static double secondsSince(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    /** The loop of the built-in function. */
    private static int count(double cx, double cy, int iterations) {
        double x = 0;
        double y = 0;
        double xx = 0;
        double yy = 0;
        for (int n = 1; n < iterations; n++) {
            y = 2 * x * y + cy;
            x = xx - yy + cx;
            xx = x * x;
            yy = y * y;
            if (xx + yy > 4) {
                return n;
            }
        }
        return iterations;
    }
}
