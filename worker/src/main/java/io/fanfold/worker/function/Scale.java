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

/**
 * NumPy's {@code x * factor} with a Python number (NEP 50). A whole factor keeps integers, which wrap, and makes int64 of
 * bools; it must fit the dtype. A float factor makes float64 of both. Floats and complex numbers keep their dtype.
 */
final class Scale implements ChunkFunction {
    private static final FunctionDescription DESCRIPTION = new FunctionDescription(
            new FunctionId("scale", "1"),
            "x * factor, as NumPy with a Python number: integers wrap, and become float64 where the factor is a float",
            "same",
            new Dtypes()
                    .to("int64", "bool")
                    .same(Dtypes.INTEGERS)
                    .same(Dtypes.FLOATS)
                    .same(Dtypes.COMPLEX)
                    .map(),
            List.of(Parameter.required("factor", Parameter.Type.NUMBER, "what each element is multiplied by")));

    @Override
    public FunctionDescription description() {
        return DESCRIPTION;
    }

    @Override
    public ArraySlice apply(ArraySlice chunk, Map<String, Object> parameters) {
        DType kept = Answers.of(DESCRIPTION, chunk.dtype());
        Scalar factor = Scalar.of(parameters, "scale", "factor")
                .orElseThrow(() -> new IllegalArgumentException("scale: parameter factor is missing"));
        return switch (kept.kind()) {
            case FLOAT -> scaleReals(chunk, kept, factor);
            case COMPLEX -> scaleComplex(chunk, kept, factor);
            default -> scaleIntegers(chunk, kept, factor);
        };
    }

    private static ArraySlice scaleIntegers(ArraySlice chunk, DType kept, Scalar factor) {
        return switch (factor) {
            case Real real -> scaleReals(chunk, DType.of(Kind.FLOAT, Double.BYTES), real);
            case Whole whole
            when whole.fits(kept) ->
                Elementwise.onLongs(chunk, kept, (numbers, count) -> multiply(numbers, count, whole.value()));
            case Whole(long value) ->
                throw new IllegalArgumentException("scale: factor " + value + " does not fit " + kept.name() + ", "
                        + Scalar.least(kept) + " to " + Scalar.greatest(kept) + ": write " + value
                        + ".0 to get float64, or convert the array with x.astype(...)");
        };
    }

    private static ArraySlice scaleReals(ArraySlice chunk, DType answer, Scalar factor) {
        double number = factor.rounded(answer);
        float single = (float) number;
        return Elementwise.onReals(
                chunk,
                answer,
                (numbers, count) -> multiply(numbers, count, single),
                (numbers, count) -> multiply(numbers, count, number));
    }

    private static ArraySlice scaleComplex(ArraySlice chunk, DType answer, Scalar factor) {
        double number = factor.rounded(answer);
        float single = (float) number;
        return Elementwise.onReals(
                chunk,
                answer,
                (numbers, count) -> multiplyPairs(numbers, count, single),
                (numbers, count) -> multiplyPairs(numbers, count, number));
    }

    private static void multiply(long[] numbers, int count, long factor) {
        for (int i = 0; i < count; i++) {
            numbers[i] *= factor;
        }
    }

    private static void multiply(float[] numbers, int count, float factor) {
        for (int i = 0; i < count; i++) {
            numbers[i] *= factor;
        }
    }

    private static void multiply(double[] numbers, int count, double factor) {
        for (int i = 0; i < count; i++) {
            numbers[i] *= factor;
        }
    }

    /** By {@code factor + 0j}, as NumPy does it: an infinite or NaN part reaches the other one, signs of zeros too. */
    private static void multiplyPairs(float[] numbers, int count, float factor) {
        for (int i = 0; i < count; i += 2) {
            float re = numbers[i];
            float im = numbers[i + 1];
            numbers[i] = re * factor - im * 0f;
            numbers[i + 1] = re * 0f + im * factor;
        }
    }

    private static void multiplyPairs(double[] numbers, int count, double factor) {
        for (int i = 0; i < count; i += 2) {
            double re = numbers[i];
            double im = numbers[i + 1];
            numbers[i] = re * factor - im * 0.0;
            numbers[i + 1] = re * 0.0 + im * factor;
        }
    }
}
