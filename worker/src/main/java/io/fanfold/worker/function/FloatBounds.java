package io.fanfold.worker.function;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.worker.function.Elementwise.DoubleKernel;
import io.fanfold.worker.function.Elementwise.FloatKernel;
import java.util.Optional;

/**
 * Floats held between bounds; a NaN passes. Java's max and min, which the JIT vectorises, differ from NumPy's where a
 * zero meets a bound of zero: with two bounds, and in float16, NumPy keeps the element's sign, otherwise it takes the
 * bound's. So such bounds have loops that compare.
 *
 * @param both whether a zero that meets a bound of zero keeps its sign
 */
record FloatBounds(double low, double high, boolean both) {

    static ArraySlice clip(ArraySlice chunk, DType dtype, Optional<Scalar> min, Optional<Scalar> max) {
        boolean both = dtype.itemSize() == 2 || (min.isPresent() && max.isPresent());
        double low = min.map(bound -> bound.rounded(dtype)).orElse(Double.NEGATIVE_INFINITY);
        double high = max.map(bound -> bound.rounded(dtype)).orElse(Double.POSITIVE_INFINITY);
        FloatBounds bounds = new FloatBounds(low, high, both);
        return Elementwise.onReals(chunk, dtype, bounds.floats(), bounds.doubles());
    }

    /** Whether Java's max and min would answer a zero of another sign than NumPy. */
    private boolean zeroMatters() {
        double awkwardLow = both ? 0.0 : -0.0;
        return Double.compare(low, awkwardLow) == 0 || Double.compare(high, -awkwardLow) == 0;
    }

    private FloatKernel floats() {
        float least = (float) low;
        float most = (float) high;
        if (!zeroMatters()) {
            return (numbers, count) -> between(numbers, count, least, most);
        }
        return both
                ? (numbers, count) -> keepZeros(numbers, count, least, most)
                : (numbers, count) -> takeZeros(numbers, count, least, most);
    }

    private DoubleKernel doubles() {
        if (!zeroMatters()) {
            return (numbers, count) -> between(numbers, count, low, high);
        }
        return both
                ? (numbers, count) -> keepZeros(numbers, count, low, high)
                : (numbers, count) -> takeZeros(numbers, count, low, high);
    }

    private static void between(float[] numbers, int count, float low, float high) {
        for (int i = 0; i < count; i++) {
            numbers[i] = Math.min(Math.max(numbers[i], low), high);
        }
    }

    private static void between(double[] numbers, int count, double low, double high) {
        for (int i = 0; i < count; i++) {
            numbers[i] = Math.min(Math.max(numbers[i], low), high);
        }
    }

    private static void keepZeros(float[] numbers, int count, float low, float high) {
        for (int i = 0; i < count; i++) {
            float raised = numbers[i] < low ? low : numbers[i];
            numbers[i] = raised > high ? high : raised;
        }
    }

    private static void keepZeros(double[] numbers, int count, double low, double high) {
        for (int i = 0; i < count; i++) {
            double raised = numbers[i] < low ? low : numbers[i];
            numbers[i] = raised > high ? high : raised;
        }
    }

    private static void takeZeros(float[] numbers, int count, float low, float high) {
        for (int i = 0; i < count; i++) {
            float raised = numbers[i] <= low ? low : numbers[i];
            numbers[i] = raised >= high ? high : raised;
        }
    }

    private static void takeZeros(double[] numbers, int count, double low, double high) {
        for (int i = 0; i < count; i++) {
            double raised = numbers[i] <= low ? low : numbers[i];
            numbers[i] = raised >= high ? high : raised;
        }
    }
}
