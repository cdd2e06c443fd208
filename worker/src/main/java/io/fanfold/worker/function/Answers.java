package io.fanfold.worker.function;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.DType.Kind;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.FunctionDescription;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The dtype of an answer, little endian as that of NumPy's ufuncs, and memory for it. */
final class Answers {
    private static final Map<String, DType> BY_NAME = Stream.of(
                    Stream.of(1, 2, 4, 8).map(size -> DType.of(Kind.INT, size)),
                    Stream.of(1, 2, 4, 8).map(size -> DType.of(Kind.UINT, size)),
                    Stream.of(2, 4, 8).map(size -> DType.of(Kind.FLOAT, size)),
                    Stream.of(8, 16).map(size -> DType.of(Kind.COMPLEX, size)),
                    Stream.of(DType.of(Kind.BOOL, 1)))
            .flatMap(Function.identity())
            .collect(Collectors.toMap(DType::name, Function.identity()));

    /** More than a header of {@code .npy} has. */
    private static final int HEADER_BYTES = 1 << 20;

    private Answers() {}

    /**
     * The dtype that a function answers for this one.
     *
     * @throws IllegalArgumentException where the function does not take it
     */
    static DType of(FunctionDescription function, DType taken) {
        String answered = function.dtypes().get(taken.name());
        if (answered == null) {
            throw new IllegalArgumentException(function.id().name() + " does not take " + taken.name() + "; it takes "
                    + String.join(", ", function.dtypes().keySet()) + ": convert the array with x.astype(...)");
        }
        return Objects.requireNonNull(BY_NAME.get(answered), answered);
    }

    /**
     * New memory for an answer, see {@link Npy#blank}.
     *
     * @throws IllegalArgumentException where it is more than a Java array holds
     */
    static ArraySlice blank(DType dtype, Shape shape, Order order) {
        long bytes = dtype.bytes(shape);
        if (bytes > Integer.MAX_VALUE - HEADER_BYTES) {
            throw new IllegalArgumentException("the answer, " + dtype.name() + " " + shape + ", takes " + bytes
                    + " bytes, more than the 2 GiB that one chunk may have: cut the array into more chunks");
        }
        return Npy.blank(dtype, shape, order);
    }
}
