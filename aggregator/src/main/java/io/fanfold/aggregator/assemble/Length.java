package io.fanfold.aggregator.assemble;

import io.fanfold.protocol.array.Plan;
import java.util.OptionalLong;

/**
 * How long a job is, as far as that is known. A stream that is not sealed may still become as long as can be counted: only its last
 * chunk, whichever that is, will turn out to be shorter.
 *
 * @param rows along the split axis; empty: not known yet
 */
record Length(Plan plan, OptionalLong rows) {
    boolean known() {
        return rows.isPresent();
    }

    /** How many chunks there are; where that is not known, how many there may be. */
    int count() {
        return known()
                ? Math.toIntExact(plan.count(rows.getAsLong()))
                : (int) Math.min(Plan.MOST_CHUNKS, plan.count(Long.MAX_VALUE));
    }

    /** The rows of a chunk; where the length is not known, as many as it has unless it is the last. */
    Plan.Range range(long index) {
        return plan.range(index, rows.orElse(Long.MAX_VALUE));
    }
}
