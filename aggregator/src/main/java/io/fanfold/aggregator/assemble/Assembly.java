package io.fanfold.aggregator.assemble;

import io.fanfold.protocol.array.AxisLayout;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.NpyHeader;
import io.fanfold.protocol.wire.ErrorPolicy;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.JobRecord;
import java.util.BitSet;
import java.util.Optional;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * One job's outcomes being put together: which chunks have arrived, which have failed, what they look like and where they lie.
 * Each chunk counts once, in whatever order outcomes come and however often; what was computed beats a failure until all are there.
 * The first outcome sets dtype and trailing shape, and the others must agree, as {@code np.concatenate} wants it.
 *
 * <p>Outcomes that have as many rows as their chunks are <em>aligned</em>: the plan says where they go. With the first that has not,
 * and in a job that folds, the spool <em>lists</em> where each lies, one behind the other as they came.
 *
 * <p>Pure; not thread-safe. {@link #judge} changes nothing, so that an outcome counts only when its data are written.
 */
public final class Assembly {
    private final JobRecord.Spec spec;
    private final boolean folds;
    private final long rows;
    private final int count;
    private final BitSet arrived;
    private final BitSet failed;
    private int failures;
    private int done;
    private long rowsDone;
    private int doneBelow;
    private boolean listed;
    private long end;
    private long resultRows;
    private long first;
    private @Nullable NpyHeader template;
    private @Nullable NpyHeader hollow;

    /** @param spec a job of known length with at most {@link Integer#MAX_VALUE} chunks */
    public Assembly(JobRecord.Spec spec) {
        this(
                spec,
                new Snapshot(
                        !spec.header().fold().equals(Fold.CONCAT),
                        0,
                        0,
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        new BitSet(),
                        new BitSet()));
    }

    /** Goes on where another left off. */
    public Assembly(JobRecord.Spec spec, Snapshot at) {
        this.spec = spec;
        this.folds = !spec.header().fold().equals(Fold.CONCAT);
        this.rows = spec.header().rows().orElseThrow();
        this.count = Math.toIntExact(spec.plan().count(rows));
        this.arrived = (BitSet) at.arrived().clone();
        this.failed = (BitSet) at.failed().clone();
        this.listed = at.listed();
        this.end = at.end();
        this.resultRows = at.resultRows();
        this.first = at.first();
        this.template = at.template().orElse(null);
        this.hollow = at.hollow().orElse(null);
        this.failures = failed.cardinality();
        this.done = arrived.cardinality() + failures;
        arrived.stream().forEach(i -> rowsDone += rowsOf(i));
        failed.stream().forEach(i -> rowsDone += rowsOf(i));
    }

    /**
     * The revision of a result: all that arrived then, and the chunks that failed then to be computed.
     *
     * @throws IllegalArgumentException if the revision names other chunks than those that failed
     */
    public static Assembly revised(JobRecord.Spec spec, Snapshot before) {
        JobRecord.Revision revision = spec.revision().orElseThrow();
        BitSet failed = before.failed();
        if (revision.chunks() != failed.cardinality()
                || !revision.holes().stream().allMatch(run -> allOf(failed, run))) {
            throw new IllegalArgumentException("the revision computes " + revision.chunks()
                    + " chunks, and they are not the " + failed.cardinality() + " that failed in job " + revision.of());
        }
        return new Assembly(
                spec,
                new Snapshot(
                        before.listed(),
                        before.end(),
                        before.resultRows(),
                        before.first(),
                        before.template(),
                        before.hollow(),
                        before.arrived(),
                        new BitSet()));
    }

    private static boolean allOf(BitSet set, JobRecord.Revision.Run run) {
        long end = run.first() + run.count();
        return end <= Integer.MAX_VALUE && set.nextClearBit((int) run.first()) >= end;
    }

    /** What is known now, for who goes on from here. */
    public Snapshot snapshot() {
        return new Snapshot(
                listed,
                end,
                resultRows,
                first,
                Optional.ofNullable(template),
                Optional.ofNullable(hollow),
                (BitSet) arrived.clone(),
                (BitSet) failed.clone());
    }

    /** What an outcome that was computed means. */
    public Verdict judge(long index, Arrival what) {
        Optional<Verdict> known = known(index);
        if (known.isPresent()) {
            return known.get();
        }
        if (what.rows() > Long.MAX_VALUE - resultRows) {
            return new Verdict.Break("with the " + what.rows() + " rows of chunk " + index
                    + " the answers have more rows than 64 bits can count");
        }
        return folds ? judgePart(index, what) : judgeRows(index, what);
    }

    private Optional<Verdict> known(long index) {
        if (index >= count) {
            return Optional.of(new Verdict.Drop("chunk " + index + " is not one of the job's " + count));
        }
        return arrived.get((int) index)
                ? Optional.of(new Verdict.Drop("chunk " + index + " has arrived before"))
                : Optional.empty();
    }

    private Verdict judgePart(long index, Arrival part) {
        NpyHeader expected = template;
        boolean agrees = expected == null
                || part.rows() == 0
                || !part.uniform()
                || (expected.dtype().equals(part.header().dtype())
                        && expected.shape().equals(part.header().shape()));
        return agrees ? new Verdict.Place(end, true) : disagreement(index, part.header());
    }

    private Verdict judgeRows(long index, Arrival what) {
        int axis = spec.plan().axis();
        NpyHeader outcome = what.header();
        if (outcome.shape().rank() <= axis) {
            return new Verdict.Break("the outcome of chunk " + index + " has shape " + outcome.shape() + " and no axis "
                    + axis + " to concatenate along; a fold such as sum may be what is meant");
        }
        NpyHeader expected = template;
        if (expected != null
                && !(expected.dtype().equals(outcome.dtype())
                        && expected.shape().with(axis, 0).equals(outcome.shape().with(axis, 0)))) {
            return disagreement(index, outcome);
        }
        boolean ragged = what.rows() != rowsOf(index);
        if (listed || ragged) {
            return new Verdict.Place(listed || done == failures ? end : alignedBytes(outcome), true);
        }
        return new Verdict.Place(spec.plan().range(index, rows).start() * rowBytes(outcome), false);
    }

    private Verdict disagreement(long index, NpyHeader outcome) {
        NpyHeader expected = java.util.Objects.requireNonNull(template);
        return new Verdict.Break("outcomes disagree: chunk " + first + " is " + what(expected, outcome) + ", chunk "
                + index + " is " + what(outcome, expected));
    }

    /** In NumPy's names, or where these are the same in its descrs, which tell the byte orders apart. */
    private static String what(NpyHeader one, NpyHeader other) {
        boolean named =
                !one.dtype().name().equals(other.dtype().name()) || one.dtype().equals(other.dtype());
        return (named ? one.dtype().name() : one.dtype().descr()) + " " + one.shape();
    }

    /** Counts an outcome whose data are where the verdict said. */
    public void arrive(long index, Arrival what, Verdict.Place place) {
        if (folds && what.rows() == 0) {
            arriveHollow(index, what.header());
        } else if (template == null) {
            template = what.header();
            first = index;
        }
        listed |= place.listed();
        end = listed ? place.offset() + what.bytes() : alignedBytes(what.header());
        resultRows += what.rows();
        arrived.set((int) index);
        if (failed.get((int) index)) {
            failed.clear((int) index);
            failures--;
        } else {
            done++;
            rowsDone += rowsOf(index);
        }
    }

    /** Of answers without rows the first in chunk order counts, whichever came first; where there are others, none. */
    private void arriveHollow(long index, NpyHeader header) {
        if (template == null && (hollow == null || index < first)) {
            hollow = header;
            first = index;
        }
    }

    /** A chunk has failed for good. A {@link Verdict.Hole} counts it. */
    public Verdict fail(long index) {
        Optional<Verdict> known = known(index);
        if (known.isPresent()) {
            return known.get();
        }
        if (failed.get((int) index)) {
            return new Verdict.Drop("chunk " + index + " has failed before");
        }
        return switch (spec.header().errors()) {
            case ErrorPolicy.FailFast _ -> new Verdict.Break("the job's error policy is fail-fast");
            case ErrorPolicy.KeepGoing keep
            when failures >= keep.budget() ->
                new Verdict.Break((failures + 1) + " chunks failed, and the error budget is " + keep.budget());
            case ErrorPolicy.KeepGoing _ -> {
                failed.set((int) index);
                failures++;
                done++;
                rowsDone += rowsOf(index);
                yield new Verdict.Hole();
            }
        };
    }

    private long rowsOf(long index) {
        return spec.plan().range(index, rows).length();
    }

    private long rowBytes(NpyHeader outcome) {
        AxisLayout layout = axisLayout(outcome, rows);
        return layout.outer() * layout.innerBytes();
    }

    /** Bytes of the spool if all outcomes are aligned. */
    private long alignedBytes(NpyHeader outcome) {
        return rows * rowBytes(outcome);
    }

    private AxisLayout axisLayout(NpyHeader outcome, long length) {
        int axis = spec.plan().axis();
        Shape whole = outcome.shape().with(axis, length);
        return AxisLayout.of(outcome.dtype(), whole, spec.order(), axis);
    }

    /** How the concatenated result lies in its file; known from the first outcome on, in a job that does not fold. */
    public ResultLayout layout() {
        NpyHeader known = template();
        long length = listed ? resultRows : rows;
        AxisLayout axis = axisLayout(known, length);
        Shape whole = known.shape().with(spec.plan().axis(), length);
        return new ResultLayout(
                new NpyHeader(known.dtype(), whole, spec.order()), axis, !listed && (axis.outer() <= 1 || count <= 1));
    }

    /** The header that goes in front of the spool's data, if these are to be the result's own bytes. */
    public Optional<NpyHeader> inFront(Arrival first, Verdict.Place place) {
        if (place.listed()) {
            return Optional.empty();
        }
        AxisLayout axis = axisLayout(first.header(), rows);
        Shape whole = first.header().shape().with(spec.plan().axis(), rows);
        return axis.outer() <= 1 || count <= 1
                ? Optional.of(new NpyHeader(first.header().dtype(), whole, spec.order()))
                : Optional.empty();
    }

    /** Bytes of data that the spool has, or will have when all have arrived. */
    public long end() {
        return end;
    }

    /** Dtype and shape that all outcomes agree in, or the parts of a job that folds. */
    public NpyHeader template() {
        if (template == null) {
            throw new IllegalStateException("no outcome of job " + spec.job() + " has arrived");
        }
        return template;
    }

    /** Dtype and shape of an answer without rows, of a job that folds, if there was one. */
    public Optional<NpyHeader> hollow() {
        return Optional.ofNullable(hollow);
    }

    /** Whether any chunk has arrived with rows to go by. */
    public boolean anything() {
        return template != null;
    }

    /** Where the plan says that the chunks lie; the answer of a spool that lists nothing. */
    public Places aligned() {
        long rowBytes = rowBytes(template());
        return new Places() {
            @Override
            public int count() {
                return count;
            }

            @Override
            public Place of(int chunk) {
                Plan.Range range = spec.plan().range(chunk, rows);
                return new Place(range.start() * rowBytes, range.length() * rowBytes, range.length());
            }
        };
    }

    /** Whether the spool lists where chunks lie. */
    public boolean listed() {
        return listed;
    }

    /** Whether an outcome of chunk {@code index} has been placed. */
    public boolean arrived(long index) {
        return index < count && arrived.get((int) index);
    }

    /** Whether chunk {@code index} has failed. */
    public boolean failed(long index) {
        return index < count && failed.get((int) index);
    }

    /** Whether every chunk has arrived or failed. */
    public boolean complete() {
        return done == count;
    }

    /** Chunks that have arrived or failed. */
    public long done() {
        return done;
    }

    /** Chunks below this index have all arrived or failed. */
    public long doneBelow() {
        while (doneBelow < count && (arrived.get(doneBelow) || failed.get(doneBelow))) {
            doneBelow++;
        }
        return doneBelow;
    }

    /** Chunks that have failed. */
    public long failures() {
        return failures;
    }

    /** Rows of the split axis among the chunks that are done. */
    public long rowsDone() {
        return rowsDone;
    }

    /** Rows that the function's answers had, along the split axis. */
    public long resultRows() {
        return resultRows;
    }

    public int count() {
        return count;
    }

    /** The split axis. */
    public int axis() {
        return spec.plan().axis();
    }

    /** The chunks that are not done, ascending. */
    public LongStream missing() {
        return LongStream.range(0, count).filter(i -> !arrived.get((int) i) && !failed.get((int) i));
    }
}
