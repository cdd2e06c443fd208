package io.fanfold.aggregator.assemble;

import io.fanfold.protocol.npy.NpyHeader;

/**
 * What arrives of one chunk.
 *
 * @param header of the array: of the function's answer, or of its part where the job folds
 * @param bytes that it takes in the spool
 * @param rows that it stands for along the split axis; a part of no rows says nothing but its answer's dtype and shape
 * @param uniform whether dtype and shape must be those of the other parts
 */
public record Arrival(NpyHeader header, long bytes, long rows, boolean uniform) {}
