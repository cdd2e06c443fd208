package io.fanfold.aggregator.assemble;

import io.fanfold.protocol.array.AxisLayout;
import io.fanfold.protocol.npy.NpyHeader;

/**
 * How a concatenated result lies in its file.
 *
 * @param header of the whole array
 * @param axis the array seen along the split axis
 * @param contiguous whether the spool's data are the result's: every chunk at the place its rows have, and no block of one
 *     between two of another
 */
public record ResultLayout(NpyHeader header, AxisLayout axis, boolean contiguous) {
    /** Bytes of one row along the split axis, all blocks together. */
    public long rowBytes() {
        return axis.outer() * axis.innerBytes();
    }
}
