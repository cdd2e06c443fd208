package io.fanfold.aggregator.intake;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.fold.FoldFunction;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** A fold that a plugin might have, whose parts do not commute: one behind the other. */
class JoinedBytes implements FoldFunction {
    private static final DType BYTE = DType.parse("|u1");

    @Override
    public String name() {
        return "joined";
    }

    @Override
    public String about() {
        return "the bytes of all outcomes, one behind the other";
    }

    static ArraySlice bytes(byte[] bytes) {
        return new ArraySlice(BYTE, Shape.of(bytes.length), Order.C, MemorySegment.ofArray(bytes));
    }

    @Override
    public ArraySlice part(ArraySlice outcome, int axis) {
        return bytes(
                Concatenation.joined(List.of(outcome), axis, Order.C).data().toArray(ValueLayout.JAVA_BYTE));
    }

    @Override
    public ArraySlice combine(ArraySlice left, ArraySlice right) {
        return Concatenation.joined(List.of(left, right), 0, Order.C);
    }

    @Override
    public ArraySlice result(ArraySlice whole, long rows) {
        return whole;
    }
}
