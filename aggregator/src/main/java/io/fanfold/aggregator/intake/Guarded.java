package io.fanfold.aggregator.intake;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.fold.FoldException;
import io.fanfold.protocol.fold.FoldFunction;
import java.util.function.Supplier;

/** A fold whose bugs are refusals: what it throws ends the job that asked for it, and not the aggregator. Threads as the fold has them. */
record Guarded(FoldFunction fold) implements FoldFunction {
    @Override
    public String name() {
        return fold.name();
    }

    @Override
    public String about() {
        return fold.about();
    }

    @Override
    public void check(DType outcome) {
        fold.check(outcome);
    }

    @Override
    public ArraySlice part(ArraySlice outcome, int axis) {
        return guarded("part", () -> fold.part(outcome, axis));
    }

    @Override
    public ArraySlice combine(ArraySlice left, ArraySlice right) {
        return guarded("combine", () -> fold.combine(left, right));
    }

    @Override
    public ArraySlice result(ArraySlice whole, long rows) {
        return guarded("result", () -> fold.result(whole, rows));
    }

    @Override
    public boolean elementwise() {
        return fold.elementwise();
    }

    private ArraySlice guarded(String what, Supplier<ArraySlice> call) {
        try {
            return call.get();
        } catch (FoldException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            FoldException refused = new FoldException("fold " + name() + " has a bug: its " + what + " threw " + e);
            refused.initCause(e);
            throw refused;
        }
    }
}
