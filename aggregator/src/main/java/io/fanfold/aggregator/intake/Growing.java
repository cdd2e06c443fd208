package io.fanfold.aggregator.intake;

import io.fanfold.aggregator.assemble.Arrival;
import io.fanfold.aggregator.assemble.Assembly;
import io.fanfold.aggregator.assemble.Places;
import io.fanfold.aggregator.assemble.ResultLayout;
import io.fanfold.aggregator.assemble.Verdict;
import io.fanfold.aggregator.store.Checkpoint;
import io.fanfold.aggregator.store.Holes;
import io.fanfold.aggregator.store.Moments;
import io.fanfold.aggregator.store.Spool;
import io.fanfold.aggregator.store.Whole;
import io.fanfold.protocol.array.ArrayFormatException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Reorder;
import io.fanfold.protocol.fold.FoldFunction;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.npy.NpyHeader;
import io.fanfold.protocol.wire.ErrorPolicy;
import io.fanfold.protocol.wire.Failure;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.Outcome;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A job whose outcomes are coming in: its assembly, its spool, and the offsets that would rebuild it. An outcome counts when its data
 * are written. One thread.
 */
final class Growing {
    /** What an outcome did to its job. */
    sealed interface Step {
        /** It counts. */
        record Counted(long bytes) implements Step {}

        /** It does not. */
        record Dropped(String why) implements Step {}

        /** The job cannot be completed any more, where a failed chunk is the reason because of that. */
        record Broken(String why, Optional<JobState.FailedChunk> chunk) implements Step {
            Broken(String why) {
                this(why, Optional.empty());
            }
        }
    }

    final long firstOffset;
    final Assembly assembly;
    final Spool spool;
    final Optional<FoldFunction> fold;
    private final Moments moments;
    private JobRecord.Spec spec;
    private long lastOffset;
    private long lastMillis;
    private boolean begun;
    /** Whether what goes in front of the data is there, if anything does. */
    private boolean headed;

    Growing(
            JobRecord.Spec spec,
            Optional<FoldFunction> fold,
            long firstOffset,
            Assembly assembly,
            Spool spool,
            Moments moments) {
        this.spec = spec;
        this.firstOffset = firstOffset;
        this.lastOffset = firstOffset;
        this.assembly = assembly;
        this.spool = spool;
        this.fold = fold.map(Guarded::new);
        this.moments = moments;
        this.begun = assembly.anything();
    }

    JobRecord.Spec spec() {
        return spec;
    }

    /** It has come to its end: it is so long, and has all the chunks of which there are outcomes. */
    void seal(JobRecord.Spec sealed) {
        spec = sealed;
        assembly.seal(sealed);
    }

    /**
     * Has the spool say what is known since the job is sealed. Comes before all else that is done with it then; doing it again is the
     * same as doing it once.
     */
    private void settle() throws IOException {
        if (assembly.misplaced()) {
            spool.listAll(assembly.aligned(), assembly::arrived);
            assembly.list();
        }
        if (!headed && assembly.sealed() && assembly.anything()) {
            if (!assembly.listed()) {
                ResultLayout layout = assembly.layout();
                byte[] header = layout.header().encode();
                if (layout.contiguous() && header.length == spool.dataOffset()) {
                    spool.begin(header);
                }
            }
            headed = true;
        }
    }

    /**
     * Takes one outcome, read at this offset. Taking it again after a failure of the disk is the same as taking it once.
     *
     * @param millis when the broker had it
     * @throws IOException if it cannot be written now
     */
    Step accept(Outcome outcome, long offset, long millis) throws IOException {
        heard(millis);
        settle();
        if (outcome.index() >= assembly.count()) {
            return new Step.Dropped("beyond");
        }
        if (assembly.arrived(outcome.index())) {
            return new Step.Dropped("duplicate"); // whatever this one says: the first that was computed counts
        }
        Step step = switch (outcome) {
            case Outcome.Computed computed -> computed(computed);
            case Outcome.Failed failed -> failed(failed);
        };
        lastOffset = Math.max(lastOffset, offset);
        return step;
    }

    private Step computed(Outcome.Computed outcome) throws IOException {
        try {
            ArraySlice answer =
                    Npy.decode(MemorySegment.ofBuffer(outcome.npy()), "the outcome of chunk " + outcome.index());
            return fold.isPresent() ? part(outcome, answer, fold.get()) : rows(outcome, answer);
        } catch (ArrayFormatException e) {
            return new Step.Broken(e.getMessage());
        } catch (IllegalArgumentException
                | ArithmeticException e) { // refused by the fold, or larger than can be counted
            return new Step.Broken("the outcome of chunk " + outcome.index() + ": " + e.getMessage());
        }
    }

    private Step rows(Outcome.Computed outcome, ArraySlice answer) throws IOException {
        if (outcome.foldedRows().isPresent()) {
            return new Step.Broken("the outcome of chunk " + outcome.index() + " is the part of a fold, and the job has"
                    + " none: its answers are concatenated");
        }
        int axis = spec.plan().axis();
        long length = answer.shape().rank() > axis ? answer.shape().dim(axis) : 0;
        Arrival what = new Arrival(header(answer), answer.data().byteSize(), length, true);
        return place(
                outcome.index(),
                what,
                () -> Reorder.to(spec.order(), answer).data().asByteBuffer());
    }

    private Step part(Outcome.Computed outcome, ArraySlice answer, FoldFunction function) throws IOException {
        int axis = spec.plan().axis();
        if (outcome.foldedRows().isPresent()) {
            long rows = outcome.foldedRows().getAsLong();
            return rows == 0
                    ? new Step.Broken("the outcome of chunk " + outcome.index() + " is the part of no rows")
                    : part(outcome.index(), answer, rows, function);
        }
        if (answer.shape().rank() <= axis) {
            return new Step.Broken("the outcome of chunk " + outcome.index() + " has shape " + answer.shape()
                    + " and no axis " + axis + " to fold along");
        }
        long rows = answer.shape().dim(axis);
        return rows == 0
                ? place(outcome.index(), new Arrival(header(answer), 0, 0, false), () -> ByteBuffer.allocate(0))
                : part(outcome.index(), function.part(answer, axis), rows, function);
    }

    private Step part(long index, ArraySlice part, long rows, FoldFunction function) throws IOException {
        ArraySlice ordered = Reorder.to(Order.C, part);
        if (function.elementwise()) {
            Arrival what = new Arrival(header(ordered), ordered.data().byteSize(), rows, true);
            return place(index, what, () -> ordered.data().asByteBuffer());
        }
        byte[] npy = Npy.encode(ordered);
        return place(index, new Arrival(header(ordered), npy.length, rows, false), () -> ByteBuffer.wrap(npy));
    }

    private static NpyHeader header(ArraySlice array) {
        return new NpyHeader(array.dtype(), array.shape(), array.order());
    }

    /** The bytes of an arrival, made when it is known that they are wanted. */
    private interface Data {
        ByteBuffer bytes();
    }

    private Step place(long index, Arrival what, Data data) throws IOException {
        return switch (assembly.judge(index, what)) {
            case Verdict.Place place -> {
                write((int) index, what, place, data.bytes());
                assembly.arrive(index, what, place);
                yield new Step.Counted(what.bytes());
            }
            case Verdict.Hole _ -> throw new IllegalStateException("a hole that was computed");
            case Verdict.Drop(String _) -> new Step.Dropped("duplicate");
            case Verdict.Break(String why) -> new Step.Broken(why);
        };
    }

    private void write(int index, Arrival what, Verdict.Place place, ByteBuffer data) throws IOException {
        if (!begun) {
            begin(assembly.inFront(what, place).map(NpyHeader::encode));
        }
        if (place.listed() && !assembly.listed() && assembly.anything()) {
            spool.listAll(assembly.aligned(), assembly::arrived);
        }
        spool.write(place.offset(), data);
        if (place.listed()) {
            spool.list(index, new Places.Place(place.offset(), what.bytes(), what.rows()));
        }
        moments.reached(Moments.Moment.WRITTEN);
    }

    private void begin(Optional<byte[]> header) throws IOException {
        if (header.isPresent() && assembly.sealed()) {
            spool.begin(header.get());
        } else if (header.isPresent()) {
            spool.reserve(header.get().length);
        }
        begun = true;
        headed = assembly.sealed();
    }

    private Step failed(Outcome.Failed outcome) throws IOException {
        if (spec.header().errors() instanceof ErrorPolicy.KeepGoing && !assembly.failed(outcome.index())) {
            spool.fail(Holes.line(outcome));
        }
        return switch (assembly.fail(outcome.index())) {
            case Verdict.Place _ -> throw new IllegalStateException("a failure with a place");
            case Verdict.Hole _ -> new Step.Counted(0);
            case Verdict.Drop(String _) -> new Step.Dropped("duplicate");
            case Verdict.Break(String why) ->
                new Step.Broken(
                        spec.header().errors() instanceof ErrorPolicy.KeepGoing
                                ? why + "; the last: " + told(outcome)
                                : told(outcome),
                        Optional.of(new JobState.FailedChunk(outcome.index(), length(outcome), outcome.failure())));
        };
    }

    /** Rows of its chunk; of a stream that is not sealed as many as the plan says, since its last one is not known. */
    private long length(Outcome.Failed outcome) {
        long rows = spec.header().rows().orElse(Long.MAX_VALUE);
        return spec.plan().range(outcome.index(), rows).length();
    }

    /** A failure in one line. */
    private String told(Outcome.Failed outcome) {
        Failure f = outcome.failure();
        String which = spec.header().rows().isPresent()
                ? "rows " + f.start() + " to " + (f.start() + length(outcome))
                : "from row " + f.start() + " on";
        return "chunk " + outcome.index() + " (" + which + " along axis "
                + spec.plan().axis() + ") failed in " + f.function() + " with "
                + f.error().substring(f.error().lastIndexOf('.') + 1) + ": " + f.message();
    }

    /**
     * The job as it stands with all its chunks.
     *
     * @throws IOException if the spool does not take now what is known since it is sealed
     */
    Whole whole() throws IOException {
        settle();
        return new Whole(spec, assembly, spool, fold, firstOffset, lastOffset);
    }

    /**
     * The job as it stands, to go on from.
     *
     * @param position the offset up to which its outcomes are in
     */
    Checkpoint checkpoint(long position) {
        return new Checkpoint(
                assembly.snapshot(), firstOffset, position, lastMillis, spool.dataOffset(), spool.failuresBytes());
    }

    /** The broker had an outcome of it at this time. */
    void heard(long millis) {
        lastMillis = Math.max(lastMillis, millis);
    }

    /** When the broker had the last of its outcomes that were read; 0 if none was. */
    long lastMillis() {
        return lastMillis;
    }
}
