package io.fanfold.aggregator.store;

import io.fanfold.aggregator.assemble.Assembly;
import io.fanfold.protocol.fold.FoldFunction;
import io.fanfold.protocol.wire.JobRecord;
import java.util.Optional;

/**
 * A job of which every chunk has arrived or failed.
 *
 * @param fold how its parts become the result; empty: they are concatenated
 * @param firstOffset offset of its first outcome
 * @param lastOffset offset of the outcome that made it whole
 */
public record Whole(
        JobRecord.Spec spec,
        Assembly assembly,
        Spool spool,
        Optional<FoldFunction> fold,
        long firstOffset,
        long lastOffset) {}
