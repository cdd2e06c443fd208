package io.fanfold.protocol.fold;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;

/**
 * An associative function that folds a job's outcomes into its result: the {@code reduce} that follows the map. Each outcome
 * becomes a part; neighbouring parts are combined, in a tree that depends on nothing but the number of chunks, until one is
 * left, which becomes the result. Parts travel as {@code .npy} values, so their dtype and shape must say all that
 * {@link #combine} has to know.
 *
 * <p>Plugins name their implementations, public classes with a public constructor without parameters, in
 * {@code META-INF/services/io.fanfold.protocol.fold.FoldFunction}. Submitters, workers and aggregators call one object from many
 * threads at once. The same arguments must give the same bytes everywhere, or results depend on who folded.
 */
public interface FoldFunction {
    /** What a job calls it, such as {@code sum}, {@code sum:all} or {@code top-k}; the same for the object's whole life. */
    String name();

    /** One line for a person. */
    String about();

    /**
     * Lets a dtype of outcomes pass that it takes, in any byte order.
     *
     * @throws FoldException naming the dtype and what it does take
     */
    default void check(DType outcome) {}

    /**
     * The part of one outcome: its rows along an axis, folded.
     *
     * @param outcome in any order and byte order; 0 rows are possible
     * @param axis the split axis, which the outcome has
     * @return memory of its own, in C order
     * @throws FoldException where it does not take the outcome
     */
    ArraySlice part(ArraySlice outcome, int axis);

    /**
     * The part of two parts. Where the fold is {@link #elementwise}, they may be the same range of both, as 1-d arrays.
     *
     * @param left in C order, of chunks before those of {@code right}
     * @return memory of its own, in C order
     * @throws FoldException where the two do not go together
     */
    ArraySlice combine(ArraySlice left, ArraySlice right);

    /**
     * The result that the part of all outcomes stands for. Where the fold is {@link #elementwise}, it may be a range of the part,
     * as a 1-d array.
     *
     * @param whole in C order
     * @param rows how many rows along the split axis all outcomes have together
     * @return in C order, in memory of its own or that of the part; each range of the part is the same range of the result
     *     where the fold is elementwise
     */
    ArraySlice result(ArraySlice whole, long rows);

    /**
     * Whether {@link #combine} and {@link #result} keep the shape and act element by element, so that they may be applied to any
     * range of a part's elements on its own: a large part is then never held as a whole.
     */
    default boolean elementwise() {
        return false;
    }
}
