package io.fanfold.worker.function;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.DType.Kind;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.protocol.wire.Parameter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

/**
 * Escape counts of points c: how often {@code z = z*z + c} is done, from z = 0, until |z|² &gt; 4; {@code iterations}
 * where that never happens. All in double precision, each operation rounded, in this order:
 *
 * <pre>{@code
 * x = y = 0.0
 * for n in range(1, iterations + 1):
 *     x, y = x*x - y*y + cx, 2*x*y + cy
 *     if x*x + y*y > 4: return n
 * return iterations
 * }</pre>
 *
 * Points are complex, or rows of two floats, real and imaginary: then the last axis, of length 2, is gone from the
 * answer. A NaN never escapes. A thread that is interrupted ends with InterruptedException at its next point.
 */
final class Mandelbrot implements ChunkFunction {
    private static final int TILE = 1024;
    private static final ValueLayout.OfInt ANSWER = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final FunctionDescription DESCRIPTION = new FunctionDescription(
            new FunctionId("mandelbrot", "1"),
            "iterations of z*z + c until |z| > 2, in double precision, of points c: complex, or rows (re, im)",
            "complex: same; float: (..., 2) -> (...)",
            new Dtypes()
                    .to("int32", "complex64", "complex128", "float32", "float64")
                    .map(),
            List.of(Parameter.withDefault("iterations", Parameter.Type.INTEGER, 200L, "most iterations of a point")
                    .atLeast(1)));

    @Override
    public FunctionDescription description() {
        return DESCRIPTION;
    }

    @Override
    public ArraySlice apply(ArraySlice chunk, Map<String, Object> parameters) throws InterruptedException {
        DType dtype = Answers.of(DESCRIPTION, chunk.dtype());
        int iterations = (int) Scalar.whole(parameters, "mandelbrot", "iterations", 1, Integer.MAX_VALUE);
        Shape shape = shapeOfPoints(chunk);
        ArraySlice answer = Answers.blank(dtype, shape, chunk.order());
        Points points = Points.of(chunk);
        int tile = (int) Math.min(TILE, shape.size());
        double[] re = new double[tile];
        double[] im = new double[tile];
        for (long at = 0; at < shape.size(); at += tile) {
            int count = (int) Math.min(tile, shape.size() - at);
            points.load(at, count, re, im);
            MemorySegment.copy(counts(re, im, count, iterations), 0, answer.data(), ANSWER, at * Integer.BYTES, count);
        }
        return answer;
    }

    private static Shape shapeOfPoints(ArraySlice chunk) {
        Shape shape = chunk.shape();
        if (chunk.dtype().kind() == Kind.COMPLEX) {
            return shape;
        }
        int last = shape.rank() - 1;
        if (last < 0 || shape.dim(last) != 2) {
            throw new IllegalArgumentException("mandelbrot: a " + chunk.dtype().name() + " chunk of shape " + shape
                    + " has no (re, im) rows: its last axis must have length 2, or pass complex numbers");
        }
        return shape.without(last);
    }

    private static int[] counts(double[] re, double[] im, int count, int iterations) throws InterruptedException {
        int[] counts = new int[count];
        for (int i = 0; i < count; i++) {
            if (Thread.interrupted()) {
                throw new InterruptedException("mandelbrot was interrupted");
            }
            counts[i] = count(re[i], im[i], iterations);
        }
        return counts;
    }

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
