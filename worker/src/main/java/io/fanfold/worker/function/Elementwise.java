package io.fanfold.worker.function;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Numbers;
import java.lang.foreign.MemorySegment;

/**
 * Computes an array element by element, a tile at a time: a tile is copied into a primitive array that stays in the
 * processor's first cache, a kernel works on it in place, the outcome is copied to new memory. The copies settle byte
 * order and alignment; a kernel is a plain loop over an array, the form that the JIT vectorises.
 *
 * <p>The answer has the chunk's shape and order. A kernel is given the numbers of a tile and how many there are; complex
 * ones are two each. Where the answer has one number for two, the kernel leaves it in the front of the array.
 */
final class Elementwise {
    /** Elements of a tile; 16 KiB as complex128, which leaves room in a first cache of 32 KiB. */
    private static final int TILE = 1024;

    @FunctionalInterface
    interface LongKernel {
        void apply(long[] numbers, int count);
    }

    @FunctionalInterface
    interface FloatKernel {
        void apply(float[] numbers, int count);
    }

    @FunctionalInterface
    interface DoubleKernel {
        void apply(double[] numbers, int count);
    }

    /** What is done with a tile: numbers of the chunk, and memory for those of the answer. */
    @FunctionalInterface
    interface Step<X extends Exception> {
        void accept(Numbers from, Numbers to) throws X;
    }

    private Elementwise() {}

    /** For integers to integers; 64-bit unsigned ones keep their bits, narrower answers are cut to their width. */
    static ArraySlice onLongs(ArraySlice chunk, DType answer, LongKernel kernel) {
        long[] numbers = new long[tileOf(chunk)];
        return sweep(chunk, answer, (from, to) -> {
            from.load(numbers);
            kernel.apply(numbers, (int) from.count());
            to.store(numbers);
        });
    }

    /** For floats of any width to the same, as integers of that width. */
    static ArraySlice onBits(ArraySlice chunk, DType answer, LongKernel kernel) {
        long[] numbers = new long[tileOf(chunk)];
        return sweep(chunk, answer, (from, to) -> {
            from.bits().load(numbers);
            kernel.apply(numbers, (int) from.count());
            to.bits().store(numbers);
        });
    }

    /** For answers in float16, float32 and complex64. */
    static ArraySlice onFloats(ArraySlice chunk, DType answer, FloatKernel kernel) {
        float[] numbers = new float[tileOf(chunk)];
        return sweep(chunk, answer, (from, to) -> {
            from.load(numbers);
            kernel.apply(numbers, (int) from.count());
            to.store(numbers);
        });
    }

    /** For answers in float64 and complex128. */
    static ArraySlice onDoubles(ArraySlice chunk, DType answer, DoubleKernel kernel) {
        double[] numbers = new double[tileOf(chunk)];
        return sweep(chunk, answer, (from, to) -> {
            from.load(numbers);
            kernel.apply(numbers, (int) from.count());
            to.store(numbers);
        });
    }

    /** Whichever of {@link #onFloats} and {@link #onDoubles} the answer takes. */
    static ArraySlice onReals(ArraySlice chunk, DType answer, FloatKernel floats, DoubleKernel doubles) {
        return Numbers.of(answer, MemorySegment.NULL).width() == Double.BYTES
                ? onDoubles(chunk, answer, doubles)
                : onFloats(chunk, answer, floats);
    }

    /** Numbers of the largest tile. */
    static int tileOf(ArraySlice chunk) {
        int parts = chunk.dtype().kind() == DType.Kind.COMPLEX ? 2 : 1;
        return parts * (int) Math.min(TILE, chunk.shape().size());
    }

    /** New memory of the answer's dtype, filled tile by tile. */
    static <X extends Exception> ArraySlice sweep(ArraySlice chunk, DType answer, Step<X> step) throws X {
        ArraySlice swept = Answers.blank(answer, chunk.shape(), chunk.order());
        long elements = chunk.shape().size();
        for (long at = 0; at < elements; at += TILE) {
            long count = Math.min(TILE, elements - at);
            step.accept(tile(chunk.dtype(), chunk.data(), at, count), tile(answer, swept.data(), at, count));
        }
        return swept;
    }

    private static Numbers tile(DType dtype, MemorySegment memory, long at, long count) {
        return Numbers.of(dtype, memory.asSlice(at * dtype.itemSize(), count * dtype.itemSize()));
    }
}
