package io.fanfold.aggregator.assemble;

import io.fanfold.protocol.array.AxisLayout;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.NpyHeader;
import io.fanfold.protocol.wire.JobRecord;
import java.util.BitSet;
import java.util.Optional;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * One job's outcomes being put together: which chunks have arrived and what they look like. Each chunk counts once, in whatever
 * order outcomes come and however often. The first outcome sets dtype and trailing shape; the others must agree, as
 * {@code np.concatenate} wants it. Pure; not thread-safe.
 */
public final class Assembly {
    private final JobRecord.Spec spec;
    private final long rows;
    private final int count;
    private final BitSet arrived = new BitSet();
    private int done;
    private long rowsDone;
    private long first;
    private @Nullable NpyHeader template;

    /** @param spec a job of known length with at most {@link Integer#MAX_VALUE} chunks */
    public Assembly(JobRecord.Spec spec) {
        this.spec = spec;
        this.rows = spec.header().rows().orElseThrow();
        this.count = Math.toIntExact(spec.plan().count(rows));
    }

    /** An outcome of chunk {@code index} with this header arrives. A {@link Verdict.Place} counts it as arrived. */
    public Verdict accept(long index, NpyHeader outcome) {
        if (index >= count) {
            return new Verdict.Drop("chunk " + index + " is not one of the job's " + count);
        }
        if (arrived.get((int) index)) {
            return new Verdict.Drop("chunk " + index + " has arrived before");
        }
        Plan.Range range = spec.plan().range(index, rows);
        Optional<String> misfit = misfit(index, range, outcome);
        if (misfit.isPresent()) {
            return new Verdict.Break(misfit.get());
        }
        if (template == null) {
            template = outcome;
            first = index;
        }
        arrived.set((int) index);
        done++;
        rowsDone += range.length();
        long rowBytes = layoutOf(outcome).rowBytes();
        return new Verdict.Place(range.start() * rowBytes);
    }

    private Optional<String> misfit(long index, Plan.Range range, NpyHeader outcome) {
        int axis = spec.plan().axis();
        Shape shape = outcome.shape();
        if (shape.rank() <= axis) {
            return Optional.of("the outcome of chunk " + index + " has shape " + shape + " and no axis " + axis
                    + " to concatenate along");
        }
        if (shape.dim(axis) != range.length()) {
            return Optional.of("the outcome of chunk " + index + " has " + shape.dim(axis) + " rows along axis " + axis
                    + " where the chunk has " + range.length()
                    + "; outcomes of another length than their chunk cannot be put together yet");
        }
        NpyHeader expected = template;
        if (expected == null) {
            return Optional.empty();
        }
        boolean agrees = expected.dtype().equals(outcome.dtype())
                && expected.shape().with(axis, 0).equals(shape.with(axis, 0));
        return agrees
                ? Optional.empty()
                : Optional.of("outcomes disagree: chunk " + first + " is " + what(expected, outcome) + ", chunk "
                        + index + " is " + what(outcome, expected));
    }

    /** In NumPy's names, or where these are the same in its descrs, which tell the byte orders apart. */
    private static String what(NpyHeader one, NpyHeader other) {
        boolean named =
                !one.dtype().name().equals(other.dtype().name()) || one.dtype().equals(other.dtype());
        return (named ? one.dtype().name() : one.dtype().descr()) + " " + one.shape();
    }

    /** How the result lies in its file; known from the first outcome on. */
    public ResultLayout layout() {
        NpyHeader known = template;
        if (known == null) {
            throw new IllegalStateException("no outcome of job " + spec.job() + " has arrived");
        }
        return layoutOf(known);
    }

    private ResultLayout layoutOf(NpyHeader outcome) {
        int axis = spec.plan().axis();
        Shape whole = outcome.shape().with(axis, rows);
        NpyHeader header = new NpyHeader(outcome.dtype(), whole, spec.order());
        return new ResultLayout(
                header,
                AxisLayout.of(outcome.dtype(), whole, spec.order(), axis),
                new Lengths(spec.plan(), rows, count));
    }

    /** Whether an outcome of chunk {@code index} has been placed. */
    public boolean arrived(long index) {
        return index < count && arrived.get((int) index);
    }

    public boolean complete() {
        return done == count;
    }

    /** Chunks that have arrived. */
    public long done() {
        return done;
    }

    /** Rows of the split axis among the chunks that have arrived. */
    public long rowsDone() {
        return rowsDone;
    }

    public long count() {
        return count;
    }

    /** The chunks that have not arrived, ascending. */
    public LongStream missing() {
        return LongStream.range(0, count).filter(i -> !arrived.get((int) i));
    }

    /** Rows of each chunk: computed from the plan when asked, so that a job of many chunks costs no list. */
    private static final class Lengths extends java.util.AbstractList<Long> implements java.util.RandomAccess {
        private final Plan plan;
        private final long rows;
        private final int count;

        Lengths(Plan plan, long rows, int count) {
            this.plan = plan;
            this.rows = rows;
            this.count = count;
        }

        @Override
        public Long get(int index) {
            return plan.range(index, rows).length();
        }

        @Override
        public int size() {
            return count;
        }
    }
}
