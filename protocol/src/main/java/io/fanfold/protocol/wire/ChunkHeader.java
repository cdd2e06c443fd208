package io.fanfold.protocol.wire;

import java.util.OptionalLong;

/**
 * Where a chunk belongs: the {@code fanfold-chunk} header.
 *
 * @param index place among the job's chunks, from 0
 * @param start its first row along the split axis
 * @param count the job's number of chunks, where known
 */
public record ChunkHeader(long index, long start, OptionalLong count) {
    public ChunkHeader {
        if (index < 0 || start < 0) {
            throw new WireException("chunk index " + index + " or start row " + start + " is negative");
        }
        if (count.isPresent() && index >= count.getAsLong()) {
            throw new WireException("chunk index " + index + " is not below the count " + count.getAsLong());
        }
    }
}
