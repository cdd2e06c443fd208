package io.fanfold.worker.function;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Numbers;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.FunctionId;
import java.util.List;
import java.util.Map;

/** NumPy's {@code np.negative}: integers wrap, unsigned ones too; floats change their sign bit, that of a NaN included. */
final class Negate implements ChunkFunction {
    private static final FunctionDescription DESCRIPTION = new FunctionDescription(
            new FunctionId("negate", "1"),
            "-x, as np.negative; integers wrap",
            "same",
            new Dtypes()
                    .same(Dtypes.INTEGERS)
                    .same(Dtypes.FLOATS)
                    .same(Dtypes.COMPLEX)
                    .map(),
            List.of());

    @Override
    public FunctionDescription description() {
        return DESCRIPTION;
    }

    @Override
    public ArraySlice apply(ArraySlice chunk, Map<String, Object> parameters) {
        DType answer = Answers.of(DESCRIPTION, chunk.dtype());
        return switch (answer.kind()) {
            case FLOAT, COMPLEX -> {
                long sign = signBit(Numbers.of(chunk).width());
                yield Elementwise.onBits(chunk, answer, (numbers, count) -> flip(numbers, count, sign));
            }
            default -> Elementwise.onLongs(chunk, answer, Negate::negate);
        };
    }

    /** The sign of a float of so many bytes, as a bit of the integer of that width. */
    static long signBit(int width) {
        return 1L << (width * Byte.SIZE - 1);
    }

    private static void flip(long[] numbers, int count, long bits) {
        for (int i = 0; i < count; i++) {
            numbers[i] ^= bits;
        }
    }

    private static void negate(long[] numbers, int count) {
        for (int i = 0; i < count; i++) {
            numbers[i] = -numbers[i];
        }
    }
}
