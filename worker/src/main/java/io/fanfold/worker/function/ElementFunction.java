package io.fanfold.worker.function;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.protocol.wire.Parameter;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/**
 * A function of each element alone: real numbers in, floats out, the shape kept. It is written for {@code double}, whatever the
 * dtype: a tile of the chunk at a time is converted, computed in place by a {@link Kernel}, and rounded to the answer's dtype.
 *
 * <p>Where it is interrupted, it ends at its next tile.
 */
public abstract class ElementFunction implements ChunkFunction {
    private final FunctionDescription description;

    /** Computes the first {@code count} numbers in place: a plain loop, which the JIT turns into vector instructions. */
    @FunctionalInterface
    public interface Kernel {
        void apply(double[] numbers, int count);
    }

    /**
     * A function that answers float16 and float32 in themselves; bools, integers and float64 in float64.
     *
     * @param id {@code name@version}
     * @param about one line for a person
     */
    protected ElementFunction(String id, String about, Parameter... parameters) {
        this(new FunctionDescription(
                FunctionId.parse(id),
                about,
                FunctionDescription.SAME,
                new Dtypes()
                        .to("float64", "bool")
                        .to("float64", Dtypes.INTEGERS.toArray(String[]::new))
                        .same(Dtypes.FLOATS)
                        .map(),
                List.of(parameters)));
    }

    /**
     * A function with dtypes of its own.
     *
     * @throws IllegalArgumentException where it takes others than bool, integers and floats, or answers others than floats
     */
    protected ElementFunction(FunctionDescription description) {
        description.dtypes().forEach((taken, answered) -> {
            boolean real = taken.equals("bool") || Dtypes.INTEGERS.contains(taken) || Dtypes.FLOATS.contains(taken);
            if (!real || !Dtypes.FLOATS.contains(answered)) {
                throw new IllegalArgumentException(description.id() + " answers " + answered + " for " + taken
                        + ": a function of elements takes bool, integers and floats, and answers float16, float32 or"
                        + " float64; name those dtypes, or implement ChunkFunction");
            }
        });
        this.description = description;
    }

    /**
     * The computation with these parameters. Called once for each chunk, from many threads at once.
     *
     * @param parameters as of {@link ChunkFunction#apply}
     * @throws IllegalArgumentException where they do not go together, in one line
     */
    protected abstract Kernel kernel(Map<String, Object> parameters);

    /** The kernel that computes each number by itself, as quick as a loop written out: each {@code f} has one of its own. */
    protected static Kernel each(DoubleUnaryOperator f) {
        ElementLoop loop = ElementLoop.of(f);
        return (numbers, count) -> loop.run(f, numbers, count);
    }

    @Override
    public final FunctionDescription description() {
        return description;
    }

    @Override
    public final ArraySlice apply(ArraySlice chunk, Map<String, Object> parameters) throws InterruptedException {
        DType answer = Answers.of(description, chunk.dtype());
        Kernel kernel = kernel(parameters);
        double[] numbers = new double[Elementwise.tileOf(chunk)];
        return Elementwise.sweep(chunk, answer, (from, to) -> {
            if (Thread.interrupted()) {
                throw new InterruptedException(description.id() + " was interrupted");
            }
            from.load(numbers);
            kernel.apply(numbers, (int) from.count());
            to.store(numbers);
        });
    }
}
