package io.fanfold.aggregator.store;

import io.fanfold.aggregator.assemble.Assembly;
import io.fanfold.aggregator.assemble.Places;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.fold.FoldException;
import io.fanfold.protocol.fold.FoldFunction;
import io.fanfold.protocol.fold.FoldTree;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.npy.NpyHeader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Writes the result of a job that folds: its parts, in chunk order, combined in a tree that depends on nothing but their number. Parts
 * of a fold that acts element by element are combined range by range, so that none is in memory as a whole.
 */
final class FoldedResult {
    private static final long RANGE_BYTES = 1024 * 1024;

    private final FoldFunction fold;
    private final Assembly assembly;
    private final Places places;
    private final int axis;

    FoldedResult(FoldFunction fold, Assembly assembly, Places places, int axis) {
        this.fold = fold;
        this.assembly = assembly;
        this.places = places;
        this.axis = axis;
    }

    /**
     * Writes it.
     *
     * @return its header
     * @throws FoldException if the fold does not take what there is
     */
    NpyHeader write(FileChannel spool, FileChannel out) throws IOException {
        if (!assembly.anything()) {
            return writeWhole(out, fold.result(fold.part(nothing(), axis), 0));
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment parts = spool.map(FileChannel.MapMode.READ_ONLY, 0, spool.size(), arena);
            return fold.elementwise() ? writeRanges(parts, out) : writeWhole(out, fold.result(tree(parts), rows()));
        }
    }

    private long rows() {
        return assembly.resultRows();
    }

    /** The answer without rows that stands for all of them. */
    private ArraySlice nothing() {
        NpyHeader hollow = assembly.hollow()
                .orElseThrow(() -> new FoldException("no chunk was computed: there is nothing to fold"));
        return new ArraySlice(hollow.dtype(), hollow.shape(), hollow.order(), MemorySegment.ofArray(new byte[0]));
    }

    private ArraySlice tree(MemorySegment parts) throws IOException {
        FoldTree<ArraySlice> tree = new FoldTree<>(fold::combine);
        for (int chunk = 0; chunk < places.count(); chunk++) {
            Places.Place place = places.of(chunk);
            if (place.rows() > 0) {
                tree.add(Npy.decode(parts.asSlice(place.offset(), place.bytes()), "the part of chunk " + chunk));
            }
        }
        return tree.whole().orElseThrow();
    }

    private NpyHeader writeRanges(MemorySegment parts, FileChannel out) throws IOException {
        NpyHeader part = assembly.template();
        long elements = part.shape().size();
        int itemSize = part.dtype().itemSize();
        long step = Math.max(1, RANGE_BYTES / Math.max(1, itemSize));
        NpyHeader header = null;
        for (long start = 0; start < elements || header == null; start += step) {
            ArraySlice range = fold.result(range(parts, start, Math.min(step, elements - start)), rows());
            if (range.shape().size() != Math.min(step, elements - start)
                    || (header != null && !header.dtype().equals(range.dtype()))) {
                throw new FoldException(
                        "fold " + fold.name() + " has a bug: it says that it acts element by element, and made " + range
                                + " of " + Math.min(step, elements - start) + " elements");
            }
            if (header == null) {
                header = new NpyHeader(range.dtype(), part.shape(), Order.C);
                write(out, MemorySegment.ofArray(header.encode()));
            }
            write(out, range.data());
        }
        return header;
    }

    private ArraySlice range(MemorySegment parts, long start, long length) throws IOException {
        NpyHeader part = assembly.template();
        int itemSize = part.dtype().itemSize();
        FoldTree<ArraySlice> tree = new FoldTree<>(fold::combine);
        for (int chunk = 0; chunk < places.count(); chunk++) {
            Places.Place place = places.of(chunk);
            if (place.rows() > 0) {
                tree.add(new ArraySlice(
                        part.dtype(),
                        Shape.of(length),
                        Order.C,
                        parts.asSlice(place.offset() + start * itemSize, length * itemSize)));
            }
        }
        return tree.whole().orElseThrow();
    }

    private static NpyHeader writeWhole(FileChannel out, ArraySlice result) throws IOException {
        NpyHeader header = new NpyHeader(result.dtype(), result.shape(), result.order());
        write(out, MemorySegment.ofArray(header.encode()));
        write(out, result.data());
        return header;
    }

    private static void write(FileChannel out, MemorySegment bytes) throws IOException {
        for (long start = 0; start < bytes.byteSize(); start += RANGE_BYTES) {
            ByteBuffer buffer = bytes.asSlice(start, Math.min(RANGE_BYTES, bytes.byteSize() - start))
                    .asByteBuffer();
            while (buffer.hasRemaining()) {
                out.write(buffer);
            }
        }
    }
}
