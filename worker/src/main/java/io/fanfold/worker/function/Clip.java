package io.fanfold.worker.function;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.DType.Kind;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.protocol.wire.Parameter;
import io.fanfold.worker.function.Scalar.Real;
import io.fanfold.worker.function.Scalar.Whole;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * NumPy's {@code np.clip} with Python numbers. The dtype is kept (bools become int64); NaN stays NaN; where min is above
 * max, all is max. Integers take whole bounds: one beyond their range bounds nothing on its own side, and is refused on
 * the other, as NumPy does. NumPy also takes floats for integers and then answers in float64; that is refused here.
 */
final class Clip implements ChunkFunction {
    private static final FunctionDescription DESCRIPTION = new FunctionDescription(
            new FunctionId("clip", "1"),
            "x held between min and max, as np.clip; give one of them or both",
            "same",
            new Dtypes()
                    .to("int64", "bool")
                    .same(Dtypes.INTEGERS)
                    .same(Dtypes.FLOATS)
                    .map(),
            List.of(
                    Parameter.optional("min", Parameter.Type.NUMBER, "least value, whole for integers"),
                    Parameter.optional("max", Parameter.Type.NUMBER, "greatest value, whole for integers")));

    @Override
    public FunctionDescription description() {
        return DESCRIPTION;
    }

    @Override
    public ArraySlice apply(ArraySlice chunk, Map<String, Object> parameters) {
        DType answer = Answers.of(DESCRIPTION, chunk.dtype());
        Optional<Scalar> min = Scalar.of(parameters, "clip", "min");
        Optional<Scalar> max = Scalar.of(parameters, "clip", "max");
        if (min.isEmpty() && max.isEmpty()) {
            throw new IllegalArgumentException("clip: neither min nor max is given: give one of them or both");
        }
        return answer.kind() == Kind.FLOAT
                ? FloatBounds.clip(chunk, answer, min, max)
                : clipIntegers(chunk, answer, min, max);
    }

    /** Unsigned numbers are compared as signed ones after their highest bit is turned over. */
    private static ArraySlice clipIntegers(ArraySlice chunk, DType dtype, Optional<Scalar> min, Optional<Scalar> max) {
        long turn = dtype.kind() == Kind.UINT ? Long.MIN_VALUE : 0;
        long low = min.map(bound -> whole("min", bound, dtype))
                        .orElse(Scalar.least(dtype).longValue())
                ^ turn;
        long high = max.map(bound -> whole("max", bound, dtype))
                        .orElse(Scalar.greatest(dtype).longValue())
                ^ turn;
        return Elementwise.onLongs(chunk, dtype, (numbers, count) -> between(numbers, count, low, high, turn));
    }

    private static long whole(String name, Scalar bound, DType dtype) {
        boolean isMin = name.equals("min");
        return switch (bound) {
            case Whole whole when whole.fits(dtype) -> whole.value();
            case Whole(long value)
            when isMin && value < 0 -> Scalar.least(dtype).longValue();
            case Whole(long value)
            when !isMin && value > 0 -> Scalar.greatest(dtype).longValue();
            case Whole(long value) ->
                throw new IllegalArgumentException("clip: " + name + " " + value + " does not fit " + dtype.name()
                        + ", " + Scalar.least(dtype) + " to " + Scalar.greatest(dtype) + ": give a bound within");
            case Real(double value) ->
                throw new IllegalArgumentException("clip: " + name + " " + value + " is not a whole number, which "
                        + dtype.name() + " needs: give an integer, or convert the array with x.astype('float64')");
        };
    }

    private static void between(long[] numbers, int count, long low, long high, long turn) {
        for (int i = 0; i < count; i++) {
            numbers[i] = Math.min(Math.max(numbers[i] ^ turn, low), high) ^ turn;
        }
    }
}
