package io.fanfold.aggregator.assemble;

import io.fanfold.protocol.array.AxisLayout;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.NpyHeader;
import io.fanfold.protocol.wire.JobRecord;
import java.util.OptionalLong;

/**
 * Where the rows of a job lie, as far as its length is known. A stream that is not sealed may still become as long as can be counted:
 * only its last chunk, whichever that is, will turn out to be shorter.
 *
 * @param order of the result in memory
 * @param rows along the split axis; empty: not known yet
 * @param count how many chunks there are; where the length is not known, how many there may be
 */
record Geometry(Plan plan, Order order, OptionalLong rows, int count) {
    /** More than one, as a stream mostly has: a header of so many rows is as long as one of any other number. */
    private static final long SOME_ROWS = 2;

    static Geometry of(JobRecord.Spec spec) {
        Plan plan = spec.plan();
        OptionalLong rows = spec.header().rows();
        long count = rows.isPresent()
                ? plan.count(rows.getAsLong())
                : Math.min(Plan.MOST_CHUNKS, plan.count(Long.MAX_VALUE));
        return new Geometry(plan, spec.order(), rows, Math.toIntExact(count));
    }

    boolean known() {
        return rows.isPresent();
    }

    /** The rows of a chunk; where the length is not known, those that it has unless it is the last. */
    Plan.Range range(long index) {
        return plan.range(index, rows.orElse(Long.MAX_VALUE));
    }

    /** How many they are. */
    long rowsOf(long index) {
        return range(index).length();
    }

    /** Bytes of the spool in front of a chunk of so many rows, if it is aligned. */
    long offset(long index, NpyHeader outcome, long rowsOfIt) {
        long start = range(index).start();
        return start * rowBytes(axis(outcome, rows.orElse(start + rowsOfIt)));
    }

    /** Bytes of the spool if all outcomes are aligned; the length is known. */
    long bytes(NpyHeader outcome) {
        long whole = rows.orElseThrow();
        return whole * rowBytes(axis(outcome, whole));
    }

    /** Bytes of one row along the split axis. */
    long rowBytes(NpyHeader outcome) {
        return rowBytes(axis(outcome, 1));
    }

    private static long rowBytes(AxisLayout axis) {
        return axis.outer() * axis.innerBytes();
    }

    private AxisLayout axis(NpyHeader outcome, long length) {
        Shape whole = outcome.shape().with(plan.axis(), length);
        return AxisLayout.of(outcome.dtype(), whole, order, plan.axis());
    }

    /** The result of aligned outcomes; of a stream that is not sealed, one whose header is as long as that will be. */
    ResultLayout aligned(NpyHeader outcome) {
        return layout(outcome, rows.orElse(SOME_ROWS), true);
    }

    /** The result of outcomes that are so many rows, and lie one behind the other as they came. */
    ResultLayout listed(NpyHeader outcome, long length) {
        return layout(outcome, length, false);
    }

    private ResultLayout layout(NpyHeader outcome, long length, boolean aligned) {
        AxisLayout axis = axis(outcome, length);
        Shape whole = outcome.shape().with(plan.axis(), length);
        return new ResultLayout(
                new NpyHeader(outcome.dtype(), whole, order), axis, aligned && (axis.outer() <= 1 || count <= 1));
    }
}
