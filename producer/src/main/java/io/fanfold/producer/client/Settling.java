package io.fanfold.producer.client;

import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.wire.ErrorPolicy;
import io.fanfold.protocol.wire.Failure;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.Outcome;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Which outcomes of a job count, in the order of the log: of each chunk the first that was computed, or, where none was until the job's
 * end, that it failed. In a job that fails with its first failed chunk, that one is final at once. One thread.
 */
final class Settling {
    private final JobRecord.Spec spec;
    private final Supplier<OptionalLong> rows;
    private final BitSet given = new BitSet();
    /** Chunks that failed and may still be computed. */
    private final Map<Long, Failure> failed = new TreeMap<>();

    /** @param rows length of the split axis, as far as it is known now */
    Settling(JobRecord.Spec spec, Supplier<OptionalLong> rows) {
        this.spec = spec;
        this.rows = rows;
    }

    /** Takes the next outcome of any job; what is given has memory of its own. */
    Optional<ChunkOutcome> take(Outcome outcome) {
        JobId job = spec.job();
        if (!outcome.job().equals(job) || outcome.index() >= most() || given.get((int) outcome.index())) {
            return Optional.empty();
        }
        return switch (outcome) {
            case Outcome.Computed computed -> Optional.of(computed(computed));
            case Outcome.Failed f -> failed(f);
        };
    }

    private long most() {
        OptionalLong known = rows.get();
        return known.isPresent() ? spec.plan().count(known.getAsLong()) : Plan.MOST_CHUNKS;
    }

    private ChunkOutcome computed(Outcome.Computed outcome) {
        given.set((int) outcome.index());
        failed.remove(outcome.index());
        ByteBuffer npy = ByteBuffer.allocate(outcome.npy().remaining());
        npy.put(outcome.npy().duplicate()).flip();
        Plan.Range range = range(outcome.index());
        return new ChunkOutcome.Computed(
                outcome.index(), range.start(), range.length(), npy.asReadOnlyBuffer(), outcome.foldedRows());
    }

    private Optional<ChunkOutcome> failed(Outcome.Failed outcome) {
        switch (spec.header().errors()) {
            case ErrorPolicy.KeepGoing _ -> {
                failed.putIfAbsent(outcome.index(), outcome.failure());
                return Optional.empty();
            }
            case ErrorPolicy.FailFast _ -> {
                given.set((int) outcome.index());
                return Optional.of(failed(outcome.index(), outcome.failure()));
            }
        }
    }

    private ChunkOutcome failed(long index, Failure failure) {
        Plan.Range range = range(index);
        return new ChunkOutcome.Failed(index, range.start(), range.length(), failure);
    }

    private Plan.Range range(long index) {
        OptionalLong known = rows.get();
        return switch (spec.plan()) {
            case Plan.Rows each
            when known.isEmpty() -> new Plan.Range(index * each.rowsPerChunk(), each.rowsPerChunk());
            case Plan plan -> plan.range(index, known.orElseThrow());
        };
    }

    /** Whether every chunk was computed or has failed, as far as it is known how many there are. */
    boolean complete() {
        OptionalLong known = rows.get();
        long wanted = spec.revision()
                .map(JobRecord.Revision::chunks)
                .orElseGet(() -> known.isPresent() ? spec.plan().count(known.getAsLong()) : 0);
        return given.cardinality() + failed.size() >= wanted;
    }

    /** The job has ended: chunks that failed stay so. */
    List<ChunkOutcome> end() {
        List<ChunkOutcome> last = failed.entrySet().stream()
                .map(f -> failed(f.getKey(), f.getValue()))
                .toList();
        failed.clear();
        return last;
    }
}
