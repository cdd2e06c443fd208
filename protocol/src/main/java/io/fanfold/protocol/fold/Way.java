package io.fanfold.protocol.fold;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.DType.Kind;
import io.fanfold.protocol.array.Numbers;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How outcomes of one dtype are folded. Narrow floats are folded as float64 and rounded once, in the result; a part says what it
 * will be rounded to by being a structure whose one field has that dtype's name.
 *
 * @param sums the plain dtype that parts are computed in, little endian
 * @param result the dtype of the result, little endian
 */
record Way<A>(Kernel<A> kernel, DType sums, DType result) {
    static final DType FLOAT64 = DType.of(Kind.FLOAT, 8);
    static final DType COMPLEX128 = DType.of(Kind.COMPLEX, 16);

    /** The narrow floats, by the dtype of their parts. */
    private static final Map<DType, DType> NARROW = Stream.of(
                    DType.of(Kind.FLOAT, 2), DType.of(Kind.FLOAT, 4), DType.of(Kind.COMPLEX, 8))
            .collect(Collectors.toMap(Way::named, Function.identity()));

    private static DType named(DType narrow) {
        DType wide = narrow.kind() == Kind.COMPLEX ? COMPLEX128 : FLOAT64;
        return DType.parse("[('" + narrow.name() + "', '" + wide.descr() + "')]");
    }

    /** The dtype whose outcomes have such parts, or would be folded alike. */
    static DType outcomeOf(DType part) {
        return NARROW.getOrDefault(part, part);
    }

    /** The dtype of parts. */
    DType part() {
        return !result.equals(sums) && NARROW.containsValue(result) ? named(result) : sums;
    }

    /** A part's numbers, whatever its dtype is called. */
    Numbers numbers(MemorySegment part) {
        return Numbers.of(sums, part);
    }

    /** Folds two parts into a third, element by element. */
    void combine(MemorySegment left, MemorySegment right, MemorySegment to) {
        Numbers before = numbers(left);
        Numbers after = numbers(right);
        Numbers both = numbers(to);
        A into = kernel.lanes().make(RowFold.LANES);
        A from = kernel.lanes().make(RowFold.LANES);
        for (long at = 0; at < before.count(); at += RowFold.LANES) {
            int count = (int) Math.min(RowFold.LANES, before.count() - at);
            kernel.lanes().load(before.slice(at, count), into);
            kernel.lanes().load(after.slice(at, count), from);
            kernel.step().fold(into, from, count);
            kernel.lanes().store(into, both.slice(at, count));
        }
    }

    /** Numbers that parts are computed in, in the dtype of the result; in the same memory where that is the same. */
    ArraySlice rounded(Numbers from, Shape shape) {
        if (result.equals(sums)) {
            return new ArraySlice(result, shape, Order.C, from.memory());
        }
        MemorySegment memory = Memory.of(result, shape);
        Numbers to = Numbers.of(result, memory);
        A lanes = kernel.lanes().make(RowFold.LANES);
        for (long at = 0; at < from.count(); at += RowFold.LANES) {
            int count = (int) Math.min(RowFold.LANES, from.count() - at);
            kernel.lanes().load(from.slice(at, count), lanes);
            kernel.lanes().store(lanes, to.slice(at, count));
        }
        return new ArraySlice(result, shape, Order.C, memory);
    }
}
