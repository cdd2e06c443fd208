package io.fanfold.aggregator.assemble;

import io.fanfold.protocol.npy.NpyHeader;
import java.util.BitSet;
import java.util.Optional;

/**
 * An assembly at one moment: all that must be known, beside its spool, to go on with it. The sets are its own.
 *
 * @param listed whether the spool's list says where chunks are, not the plan
 * @param end bytes of data in the spool: where the next chunk goes if it is listed
 * @param resultRows rows that arrived, along the split axis of the result
 * @param first the chunk that dtype and shape were taken from: of the template, or else of the hollow one
 * @param template dtype and shape that all must agree with, once one has arrived
 * @param hollow dtype and shape of an answer without rows, where the job folds and there was one
 * @param arrived the chunks whose data are in the spool
 * @param failed the chunks that failed
 */
public record Snapshot(
        boolean listed,
        long end,
        long resultRows,
        long first,
        Optional<NpyHeader> template,
        Optional<NpyHeader> hollow,
        BitSet arrived,
        BitSet failed) {}
