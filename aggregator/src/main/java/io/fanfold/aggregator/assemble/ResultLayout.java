package io.fanfold.aggregator.assemble;

import io.fanfold.protocol.array.AxisLayout;
import io.fanfold.protocol.npy.NpyHeader;
import java.util.List;

/**
 * How the result lies in its file.
 *
 * @param header of the whole array
 * @param axis the array seen along the split axis
 * @param lengths rows of each chunk, in chunk order
 */
public record ResultLayout(NpyHeader header, AxisLayout axis, List<Long> lengths) {
    /** Bytes of one row along the split axis, all blocks together. */
    public long rowBytes() {
        return axis.outer() * axis.innerBytes();
    }

    /** Whether the chunks, one after the other, are the array: no block of one chunk lies between two of another. */
    public boolean contiguous() {
        return axis.outer() <= 1 || lengths.size() <= 1;
    }
}
