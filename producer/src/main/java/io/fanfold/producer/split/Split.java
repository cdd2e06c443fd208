package io.fanfold.producer.split;

import io.fanfold.producer.source.Incoming;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.AxisLayout;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.npy.NpyHeader;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An array cut by a plan. Chunks are what {@code np.array_split} gives, each a {@code .npy} value of its own in the array's dtype and
 * memory order. Pure; any thread, as long as the array's memory lives.
 */
public final class Split {
    private final ArraySlice array;
    private final Plan plan;
    private final AxisLayout layout;

    public Split(ArraySlice array, Plan plan) {
        this.array = array;
        this.plan = plan;
        this.layout = AxisLayout.of(array.dtype(), array.shape(), array.order(), plan.axis());
    }

    /** How many chunks there are. */
    public long count() {
        return plan.count(layout.rows());
    }

    /** Length of the split axis. */
    public long rows() {
        return layout.rows();
    }

    /** The chunks, one after the other. */
    public Pieces pieces() {
        return new Pieces() {
            private long next;

            @Override
            public OptionalLong count() {
                return OptionalLong.of(total());
            }

            @Override
            public Optional<Piece> next(long from) {
                long index = Math.max(next, from);
                next = index + 1;
                return index < total()
                        ? Optional.of(new Piece(index, range(index).start(), chunk(index)))
                        : Optional.empty();
            }

            @Override
            public long total() {
                return Split.this.count();
            }

            @Override
            public long rows() {
                return layout.rows();
            }

            @Override
            public String crc32c() {
                return Incoming.crc32c(array.data());
            }
        };
    }

    /** The rows of chunk {@code index}. */
    public Plan.Range range(long index) {
        return plan.range(index, layout.rows());
    }

    /** Chunk {@code index} as {@code .npy} bytes, a copy of its own. */
    public byte[] chunk(long index) {
        Plan.Range range = range(index);
        byte[] header =
                new NpyHeader(array.dtype(), array.shape().with(plan.axis(), range.length()), array.order()).encode();
        long block = range.length() * layout.innerBytes();
        byte[] npy = new byte[Math.toIntExact(header.length + layout.outer() * block)];
        System.arraycopy(header, 0, npy, 0, header.length);
        MemorySegment target = MemorySegment.ofArray(npy);
        long stride = layout.rows() * layout.innerBytes();
        long from = range.start() * layout.innerBytes();
        long blocks = block == 0 ? 0 : layout.outer(); // however many blocks of nothing there are
        for (long o = 0; o < blocks; o++) {
            MemorySegment.copy(array.data(), from + o * stride, target, header.length + o * block, block);
        }
        return npy;
    }
}
