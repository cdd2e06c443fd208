package io.fanfold.aggregator.assemble;

import io.fanfold.protocol.array.ArrayFormatException;
import io.fanfold.protocol.array.Plan;
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
 * <p>A stream, whose length is known when it is {@linkplain #seal sealed}, is aligned as long as it may turn out to be: its chunks
 * are as long as the plan says, but for the highest, which may be the last one and short.
 *
 * <p>Pure; not thread-safe. {@link #judge} changes nothing, so that an outcome counts only when its data are written.
 */
public final class Assembly {
    private JobRecord.Spec spec;
    private final boolean folds;
    private Geometry geometry;
    private final BitSet arrived;
    private final BitSet failed;
    private int failures;
    private int done;
    /** Rows of the chunks that have arrived, by the plan. */
    private long rowsArrived;
    /** Rows of the chunks that have failed, by the plan. */
    private long rowsFailed;

    private int doneBelow;
    private boolean listed;
    private long end;
    private long resultRows;
    private long first;
    private @Nullable NpyHeader template;
    private @Nullable NpyHeader hollow;

    /** @param spec a job of at most {@link Plan#MOST_CHUNKS} chunks, or a stream in so many rows per chunk */
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

    /**
     * Goes on where another left off. What was written down of a stream before it was sealed may be {@link #misplaced}.
     *
     * @param at has no chunk that the spec has not: see {@link #contradicts}
     * @throws ArrayFormatException if the result would have more elements than 64 bits can count
     */
    public Assembly(JobRecord.Spec spec, Snapshot at) {
        this.spec = spec;
        this.folds = !spec.header().fold().equals(Fold.CONCAT);
        this.geometry = Geometry.of(spec);
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
        measure();
    }

    /** What follows from the length. */
    private void measure() {
        rowsArrived = arrived.stream().mapToLong(geometry::rowsOf).sum();
        rowsFailed = failed.stream().mapToLong(geometry::rowsOf).sum();
        if (geometry.known() && !listed && !misplaced() && template != null) {
            end = geometry.bytes(template);
        }
    }

    /** Whether chunks have arrived or failed that are not the job's if it is so long: then it has to begin again. */
    public static boolean contradicts(JobRecord.Spec sealed, Snapshot at) {
        long count = sealed.count().orElse(Plan.MOST_CHUNKS);
        return Math.max(at.arrived().length(), at.failed().length()) > count;
    }

    /**
     * A stream has come to its end. What has arrived may be {@link #misplaced} now.
     *
     * @param sealed the spec with its length, which does not {@linkplain #contradicts contradict} what is here
     * @throws ArrayFormatException if the result would have more elements than 64 bits can count
     */
    public void seal(JobRecord.Spec sealed) {
        spec = sealed;
        geometry = Geometry.of(sealed);
        measure();
    }

    /** Whether it is known how long the job is. */
    public boolean sealed() {
        return geometry.known();
    }

    /**
     * Whether chunks lie where the plan would have had them, and have other rows than it says they have: then the spool has to
     * list where they {@linkplain #aligned lie}, before anything else is judged.
     */
    public boolean misplaced() {
        return geometry.known() && !listed && resultRows != rowsArrived;
    }

    /** The spool lists where all lie that have arrived. */
    public void list() {
        listed = true;
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
        if (index >= count()) {
            return Optional.of(new Verdict.Drop("chunk " + index + " is not one of the job's " + count()));
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
        return listed || ragged(index, what.rows())
                ? new Verdict.Place(end, true)
                : new Verdict.Place(geometry.offset(index, outcome, what.rows()), false);
    }

    /** Whether an answer has other rows than its chunk, or, in a stream, it or one before it must have if this is no shorter. */
    private boolean ragged(long index, long answered) {
        boolean mayBeLast = !geometry.known() && index >= arrived.length();
        return mayBeLast
                ? answered > geometry.rowsOf(index) || resultRows != rowsArrived // there is a short one before it
                : answered != geometry.rowsOf(index);
    }

    private Verdict disagreement(long index, NpyHeader outcome) {
        NpyHeader expected = template();
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
        end = listed || !geometry.known()
                ? Math.max(end, place.offset() + what.bytes())
                : geometry.bytes(what.header());
        resultRows += what.rows();
        arrived.set((int) index);
        rowsArrived += geometry.rowsOf(index);
        if (failed.get((int) index)) {
            failed.clear((int) index);
            failures--;
            rowsFailed -= geometry.rowsOf(index);
        } else {
            done++;
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
                rowsFailed += geometry.rowsOf(index);
                yield new Verdict.Hole();
            }
        };
    }

    /** How the concatenated result lies in its file; known from the first outcome on, in a sealed job that does not fold. */
    public ResultLayout layout() {
        return listed ? geometry.listed(template(), resultRows) : geometry.aligned(template());
    }

    /**
     * The header that goes in front of the spool's data, if these are to be the result's own bytes; of a stream that is not sealed,
     * one that is as long as that will be.
     */
    public Optional<NpyHeader> inFront(Arrival first, Verdict.Place place) {
        if (place.listed()) {
            return Optional.empty();
        }
        ResultLayout layout = geometry.aligned(first.header());
        return layout.contiguous() ? Optional.of(layout.header()) : Optional.empty();
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

    /** Where the plan says that the chunks lie that have arrived until now; the answer of a spool that lists nothing. */
    public Places aligned() {
        long rowBytes = geometry.rowBytes(template());
        Geometry rowsAre = geometry;
        int count = reach();
        int highest = arrived.length() - 1;
        long missing = rowsArrived - resultRows; // of a stream the highest may be shorter, or turn out to be longer
        return new Places() {
            @Override
            public int count() {
                return count;
            }

            @Override
            public Place of(int chunk) {
                Plan.Range range = rowsAre.range(chunk);
                long rows = chunk == highest ? range.length() - missing : range.length();
                return new Place(range.start() * rowBytes, rows * rowBytes, rows);
            }
        };
    }

    /** The chunks that there are, all of them below it; of a stream, those that anything is known of. */
    private int reach() {
        return geometry.known() ? count() : Math.max(arrived.length(), failed.length());
    }

    /** Whether the spool lists where chunks lie. */
    public boolean listed() {
        return listed;
    }

    /** Whether an outcome of chunk {@code index} has been placed. */
    public boolean arrived(long index) {
        return index < count() && arrived.get((int) index);
    }

    /** Whether chunk {@code index} has failed. */
    public boolean failed(long index) {
        return index < count() && failed.get((int) index);
    }

    /** Whether every chunk has arrived or failed; never before the job is sealed. */
    public boolean complete() {
        return geometry.known() && done == count();
    }

    /** Chunks that have arrived or failed. */
    public long done() {
        return done;
    }

    /** Chunks below this index have all arrived or failed. */
    public long doneBelow() {
        while (doneBelow < count() && (arrived.get(doneBelow) || failed.get(doneBelow))) {
            doneBelow++;
        }
        return doneBelow;
    }

    /** Chunks that have failed. */
    public long failures() {
        return failures;
    }

    /** Rows of the split axis among the chunks that are done; of a stream, as if none of them were short. */
    public long rowsDone() {
        return rowsArrived + rowsFailed;
    }

    /** Rows that the function's answers had, along the split axis. */
    public long resultRows() {
        return resultRows;
    }

    /** The job's chunks; of a stream, as many as it may have. */
    public int count() {
        return geometry.count();
    }

    /** The split axis. */
    public int axis() {
        return spec.plan().axis();
    }

    /** The chunks that are not done, ascending. */
    public LongStream missing() {
        return LongStream.range(0, reach()).filter(i -> !arrived.get((int) i) && !failed.get((int) i));
    }
}
