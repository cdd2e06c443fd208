package io.fanfold.protocol.fold;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.AxisLayout;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Numbers;
import java.lang.foreign.MemorySegment;

/**
 * A fold of an array's rows along one axis, block by block. A block is as many whole rows as fit {@link #LANES} lanes, a power of
 * two, or a piece of one row where it is longer. Blocks are folded lane by lane into the first of them, a few dozen of these
 * in a {@link FoldTree}, and at last the rows within the lanes, half into half. So loops are long whatever the shape, a sum
 * is as precise as a pairwise one, and what is folded with what depends on dtype, shape and order alone.
 */
final class RowFold<A> {
    /** Lanes of a block: 8 KiB, which leaves room in a first cache. */
    static final int LANES = 1024;
    /** Blocks that are folded one after the other. */
    private static final int DEPTH = 64;

    private final Kernel<A> kernel;
    private final DType dtype;
    private final MemorySegment data;
    private final long rows;
    /** Elements from one row to the next. */
    private final long stride;
    /** Elements of a row that are folded together. */
    private final int tile;
    /** Rows of a block. */
    private final int high;

    private final A block;

    private RowFold(Kernel<A> kernel, ArraySlice outcome, AxisLayout layout) {
        this.kernel = kernel;
        this.dtype = outcome.dtype();
        this.data = outcome.data();
        this.rows = layout.rows();
        this.stride = layout.innerBytes() / dtype.itemSize();
        int widest = LANES / kernel.width();
        this.tile = (int) Math.min(stride, widest);
        this.high = stride > widest ? 1 : Integer.highestOneBit((int) (widest / Math.max(1, stride)));
        this.block = kernel.lanes().make((int) Math.min(rows, high) * tile * kernel.width());
    }

    /**
     * Folds each block of the layout.
     *
     * @param part where the blocks go, one after the other, each a row's size
     */
    static <A> void fold(Kernel<A> kernel, ArraySlice outcome, AxisLayout layout, Numbers part) {
        if (part.count() > 0) {
            new RowFold<>(kernel, outcome, layout).fold(layout.outer(), part);
        }
    }

    private void fold(long outer, Numbers part) {
        int width = kernel.width();
        for (long o = 0; o < outer; o++) {
            for (long at = 0; at < stride; at += tile) {
                int wide = (int) Math.min(tile, stride - at);
                A folded = rows == 0 ? nothing(wide) : rows(o * rows * stride + at, wide);
                kernel.lanes().store(folded, part.slice((o * stride + at) * width, (long) wide * width));
            }
        }
    }

    private A nothing(int wide) {
        A lanes = kernel.lanes().make(wide * kernel.width());
        kernel.lanes().fill(lanes, kernel.width(), kernel.identity().orElseThrow());
        return lanes;
    }

    /** All rows of a tile, folded into one. */
    private A rows(long start, int wide) {
        FoldTree<A> tree = new FoldTree<>(this::folded);
        for (long row = 0; row < rows; row += (long) DEPTH * high) {
            tree.add(run(start, row, wide));
        }
        A lanes = tree.whole().orElseThrow();
        for (int left = (int) Math.min(high, rows); left > 1; left = (left + 1) / 2) {
            halve(lanes, left, wide * kernel.width());
        }
        return lanes;
    }

    /** Up to {@link #DEPTH} blocks from that row on, folded into the first. */
    private A run(long start, long first, int wide) {
        int lanes = high(first) * wide * kernel.width();
        A into = kernel.lanes().make(lanes);
        take(start, first, wide, into);
        long end = Math.min(rows, first + (long) DEPTH * high);
        for (long row = first + high; row < end; row += high) {
            take(start, row, wide, block);
            kernel.step().fold(into, block, high(row) * wide * kernel.width());
        }
        return into;
    }

    private int high(long row) {
        return (int) Math.min(high, rows - row);
    }

    private void take(long start, long row, int wide, A to) {
        long bytes = dtype.itemSize();
        MemorySegment elements = data.asSlice((start + row * stride) * bytes, bytes * high(row) * wide);
        kernel.take(dtype, elements, to);
    }

    /** The last block may have fewer rows than those before. */
    private A folded(A left, A right) {
        kernel.step().fold(left, right, kernel.lanes().length(right));
        return left;
    }

    /** Folds the upper half of the rows into the lower; the one in the middle stays. */
    private void halve(A lanes, int rows, int lanesOfRow) {
        int kept = (rows + 1) / 2 * lanesOfRow;
        A upper = kernel.lanes().copy(lanes, kept, rows * lanesOfRow);
        kernel.step().fold(lanes, upper, rows * lanesOfRow - kept);
    }
}
