package io.fanfold.protocol.fold;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.AxisLayout;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Reorder;
import io.fanfold.protocol.array.Shape;
import java.lang.foreign.MemorySegment;

/**
 * A fold that comes with Fanfold: NumPy's function of that name, of the result that {@code concat} would make, along the split axis
 * or over all elements.
 */
final class Reduction implements FoldFunction {
    /** Rows shorter than this, in many blocks, are folded in the other memory order, where they are long. */
    private static final int SHORT = RowFold.LANES / 4;

    private final Operation operation;
    private final boolean all;

    Reduction(Operation operation, boolean all) {
        this.operation = operation;
        this.all = all;
    }

    @Override
    public String name() {
        return all ? operation.word() + ":all" : operation.word();
    }

    @Override
    public String about() {
        return all ? operation.numpy() + "(y)" : operation.numpy() + "(y, axis=A), A being the split axis";
    }

    @Override
    public void check(DType outcome) {
        if (!operation.takes(outcome)) {
            throw new FoldException("fold " + name() + " does not take " + outcome.name() + "; it takes "
                    + operation.taken() + ": fold with concat, or let the function answer one of these");
        }
    }

    @Override
    public ArraySlice part(ArraySlice outcome, int axis) {
        check(outcome.dtype());
        Way<?> way = operation.way(outcome.dtype());
        long rows = outcome.shape().dim(axis);
        if (way.kernel().identity().isEmpty()
                && (rows == 0 || (all && outcome.shape().size() == 0))) {
            throw new FoldException("zero-size array to reduction operation " + operation.word()
                    + "imum which has no identity: fold with concat, or map an array that has rows");
        }
        return all ? ofAll(way, outcome) : Reorder.to(Order.C, alongAxis(way, outcome, axis));
    }

    private static ArraySlice alongAxis(Way<?> way, ArraySlice outcome, int axis) {
        AxisLayout layout = layout(outcome, axis);
        boolean better = layout.outer() > 1 && layout.rows() * layout.innerBytes() < SHORT * (long) itemSize(outcome);
        if (better && !outcome.shape().ordersCoincide()) {
            Order other = outcome.order() == Order.C ? Order.FORTRAN : Order.C;
            return folded(way, Reorder.to(other, outcome), axis);
        }
        return folded(way, outcome, axis);
    }

    private static int itemSize(ArraySlice outcome) {
        return outcome.dtype().itemSize();
    }

    private static AxisLayout layout(ArraySlice array, int axis) {
        return AxisLayout.of(array.dtype(), array.shape(), array.order(), axis);
    }

    private static ArraySlice folded(Way<?> way, ArraySlice outcome, int axis) {
        Shape shape = outcome.shape().without(axis);
        MemorySegment memory = Memory.of(way.part(), shape);
        RowFold.fold(way.kernel(), outcome, layout(outcome, axis), way.numbers(memory));
        return new ArraySlice(way.part(), shape, outcome.order(), memory);
    }

    private ArraySlice ofAll(Way<?> way, ArraySlice outcome) {
        long elements = outcome.shape().size();
        AxisLayout layout = new AxisLayout(1, elements, itemSize(outcome));
        if (operation == Operation.MEAN) {
            MemorySegment memory = Memory.of(way.part(), Shape.of(2));
            RowFold.fold(
                    way.kernel(),
                    outcome,
                    layout,
                    way.numbers(memory).slice(0, way.kernel().width()));
            Mean.putElements(way.numbers(memory), elements);
            return new ArraySlice(way.part(), Shape.of(2), Order.C, memory);
        }
        MemorySegment memory = Memory.of(way.part(), Shape.of());
        RowFold.fold(way.kernel(), outcome, layout, way.numbers(memory));
        return new ArraySlice(way.part(), Shape.of(), Order.C, memory);
    }

    @Override
    public ArraySlice combine(ArraySlice left, ArraySlice right) {
        if (!left.dtype().equals(right.dtype()) || !left.shape().equals(right.shape())) {
            throw new FoldException("fold " + name() + ": parts of " + left.dtype() + " " + left.shape() + " and "
                    + right.dtype() + " " + right.shape()
                    + " do not go together: all outcomes of a job have one dtype, and one shape but for their rows");
        }
        Way<?> way = wayOf(left);
        MemorySegment memory = Memory.of(left.dtype(), left.shape());
        way.combine(left.data(), right.data(), memory);
        return new ArraySlice(left.dtype(), left.shape(), Order.C, memory);
    }

    @Override
    public ArraySlice result(ArraySlice whole, long rows) {
        Way<?> way = wayOf(whole);
        if (operation != Operation.MEAN) {
            return way.rounded(way.numbers(whole.data()), whole.shape());
        }
        return all ? Mean.ofPair(way, whole) : way.rounded(Mean.divided(way, whole.data(), rows), whole.shape());
    }

    private Way<?> wayOf(ArraySlice part) {
        DType outcome = Way.outcomeOf(part.dtype());
        check(outcome);
        return operation.way(outcome);
    }

    /** A mean of all elements has its count beside it, which is not for other elements of a range. */
    @Override
    public boolean elementwise() {
        return !(all && operation == Operation.MEAN);
    }

    @Override
    public String toString() {
        return name();
    }
}
