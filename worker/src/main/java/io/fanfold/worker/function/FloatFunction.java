package io.fanfold.worker.function;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.worker.function.Elementwise.DoubleKernel;
import io.fanfold.worker.function.Elementwise.FloatKernel;
import java.util.List;
import java.util.Map;

/** A function of real numbers that answers in floats: float16 for 8 bits and fewer, float32 for 16, float64 for the rest. */
final class FloatFunction implements ChunkFunction {
    private final FunctionDescription description;
    private final FloatKernel floats;
    private final DoubleKernel doubles;

    private FloatFunction(String name, String about, FloatKernel floats, DoubleKernel doubles) {
        this.description = new FunctionDescription(new FunctionId(name, "1"), about, "same", dtypes(), List.of());
        this.floats = floats;
        this.doubles = doubles;
    }

    /** NumPy's {@code np.sqrt}, to the bit: correctly rounded, the NaN of negative numbers the processor's own. */
    static FloatFunction sqrt() {
        return new FloatFunction(
                "sqrt", "the square root, to the bit as np.sqrt", FloatFunction::sqrt, FloatFunction::sqrt);
    }

    /** NumPy's {@code np.exp}, within 1 ulp of the true value. */
    static FloatFunction exp() {
        return new FloatFunction("exp", "e to the power x, within 1 ulp", FloatFunction::exp, FloatFunction::exp);
    }

    /** NumPy's {@code np.log}, within 1 ulp of the true value. */
    static FloatFunction log() {
        return new FloatFunction("log", "the natural logarithm, within 1 ulp", FloatFunction::log, FloatFunction::log);
    }

    private static Map<String, String> dtypes() {
        return new Dtypes()
                .to("float16", "bool", "int8", "uint8")
                .to("float32", "int16", "uint16")
                .to("float64", "int32", "int64", "uint32", "uint64")
                .same(Dtypes.FLOATS)
                .map();
    }

    @Override
    public FunctionDescription description() {
        return description;
    }

    @Override
    public ArraySlice apply(ArraySlice chunk, Map<String, Object> parameters) {
        return Elementwise.onReals(chunk, Answers.of(description, chunk.dtype()), floats, doubles);
    }

    private static void sqrt(float[] numbers, int count) {
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) Math.sqrt(numbers[i]);
        }
    }

    private static void sqrt(double[] numbers, int count) {
        for (int i = 0; i < count; i++) {
            numbers[i] = Math.sqrt(numbers[i]);
        }
    }

    private static void exp(float[] numbers, int count) {
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) Math.exp(numbers[i]);
        }
    }

    private static void exp(double[] numbers, int count) {
        for (int i = 0; i < count; i++) {
            numbers[i] = Math.exp(numbers[i]);
        }
    }

    private static void log(float[] numbers, int count) {
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) Math.log(numbers[i]);
        }
    }

    private static void log(double[] numbers, int count) {
        for (int i = 0; i < count; i++) {
            numbers[i] = Math.log(numbers[i]);
        }
    }
}
