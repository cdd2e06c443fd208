package io.fanfold.bench.micro;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.fold.FoldFunction;
import io.fanfold.protocol.fold.FoldTree;
import io.fanfold.protocol.fold.Folds;
import io.fanfold.protocol.wire.Fold;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A chunk of 512 KB of float64 folded, and the parts of many. */
@State(Scope.Thread)
public class Folding {
    /** Bytes of a chunk. */
    public static final long BYTES = 512 * 1024;

    private static final int SIDE = 256;
    private static final int PARTS = 1000;

    private final double[] numbers = Sample.numbers(SIDE * SIDE);
    private final ArraySlice chunk = Sample.array(numbers, SIDE, SIDE);
    private final FoldFunction sum = fold("sum");
    private final FoldFunction sumOfAll = fold("sum:all");
    private final FoldFunction mean = fold("mean");
    private final FoldFunction meanOfAll = fold("mean:all");
    private final ArraySlice part = sum.part(chunk, 0);

    private static FoldFunction fold(String name) {
        return Folds.builtIn().find(new Fold(name)).orElseThrow();
    }

    @Benchmark
    public ArraySlice sum() {
        return sum.part(chunk, 0);
    }

    @Benchmark
    public ArraySlice sumOfAll() {
        return sumOfAll.part(chunk, 0);
    }

    @Benchmark
    public ArraySlice mean() {
        return mean.part(chunk, 0);
    }

    @Benchmark
    public ArraySlice meanOfAll() {
        return meanOfAll.part(chunk, 0);
    }

    /** The same numbers added up in a plain loop, each column for itself. */
    @Benchmark
    public double[] loop() {
        double[] columns = new double[SIDE];
        for (int row = 0; row < SIDE; row++) {
            for (int column = 0; column < SIDE; column++) {
                columns[column] += numbers[row * SIDE + column];
            }
        }
        return columns;
    }

    /** All of them added up in a plain loop. */
    @Benchmark
    public double loopOverAll() {
        double total = 0;
        for (double number : numbers) {
            total += number;
        }
        return total;
    }

    /** Parts of 256 numbers combined as the aggregator does. */
    @Benchmark
    @OperationsPerInvocation(PARTS)
    public Optional<ArraySlice> tree() {
        FoldTree<ArraySlice> tree = new FoldTree<>(sum::combine);
        for (int i = 0; i < PARTS; i++) {
            tree.add(part);
        }
        return tree.whole();
    }
}
