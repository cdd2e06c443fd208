package io.fanfold.worker.function;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.FunctionId;
import java.util.List;
import java.util.Map;

/**
 * NumPy's {@code np.abs}: the smallest signed integer wraps to itself, floats lose their sign bit, that of a NaN
 * included; of complex numbers the magnitude, within 1 ulp of the true value, infinite where a part is.
 */
final class Abs implements ChunkFunction {
    private static final FunctionDescription DESCRIPTION = new FunctionDescription(
            new FunctionId("abs", "1"),
            "|x|, as np.abs; the smallest integer wraps; complex within 1 ulp",
            "same",
            new Dtypes()
                    .same(List.of("bool"))
                    .same(Dtypes.INTEGERS)
                    .same(Dtypes.FLOATS)
                    .to("float32", "complex64")
                    .to("float64", "complex128")
                    .map(),
            List.of());

    @Override
    public FunctionDescription description() {
        return DESCRIPTION;
    }

    @Override
    public ArraySlice apply(ArraySlice chunk, Map<String, Object> parameters) {
        DType answer = Answers.of(DESCRIPTION, chunk.dtype());
        return switch (chunk.dtype().kind()) {
            case COMPLEX -> Elementwise.onReals(chunk, answer, Abs::magnitudes, Abs::magnitudes);
            case FLOAT -> {
                long rest = ~Negate.signBit(answer.itemSize());
                yield Elementwise.onBits(chunk, answer, (numbers, count) -> mask(numbers, count, rest));
            }
            case INT -> Elementwise.onLongs(chunk, answer, Abs::absolute);
            default -> Elementwise.onLongs(chunk, answer, (numbers, count) -> {});
        };
    }

    private static void mask(long[] numbers, int count, long bits) {
        for (int i = 0; i < count; i++) {
            numbers[i] &= bits;
        }
    }

    private static void absolute(long[] numbers, int count) {
        for (int i = 0; i < count; i++) {
            numbers[i] = Math.abs(numbers[i]);
        }
    }

    private static void magnitudes(float[] numbers, int count) {
        for (int i = 0; i < count; i += 2) {
            numbers[i / 2] = (float) Math.hypot(numbers[i], numbers[i + 1]);
        }
    }

    private static void magnitudes(double[] numbers, int count) {
        for (int i = 0; i < count; i += 2) {
            numbers[i / 2] = Math.hypot(numbers[i], numbers[i + 1]);
        }
    }
}
