package io.fanfold.producer.client;

import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.ResultInfo;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * All that is said of a job.
 *
 * @param accepted when, by the clock of whoever accepted it, where known
 * @param seal once all its chunks are written
 * @param progress the last word on how far it is
 * @param terminal how it ended
 * @param gone what became of its result afterwards
 */
public record JobReport(
        JobRecord.Spec spec,
        Optional<Instant> accepted,
        Optional<JobRecord.Seal> seal,
        Optional<JobState.Progress> progress,
        Optional<JobState.Terminal> terminal,
        Optional<JobState.Gone> gone) {
    /** Where a job is in its life. */
    public enum State {
        /** Accepted; nothing is known of its chunks. */
        SUBMITTED,
        /** Its outcomes are coming in. */
        RUNNING,
        /** Its result is there, be it with holes. */
        COMPLETED,
        FAILED,
        CANCELLED,
        /** Nobody wrote the rest of it, or its result was kept as long as agreed. */
        EXPIRED,
        /** Its result is gone and cannot be rebuilt. */
        LOST
    }

    public JobId job() {
        return spec.job();
    }

    /** Where it is; that of a result that is gone is LOST or EXPIRED. */
    public State state() {
        if (gone.isPresent()) {
            return State.valueOf(gone.get().end().name());
        }
        if (terminal.isPresent()) {
            return State.valueOf(terminal.get().end().name());
        }
        return progress.isPresent() ? State.RUNNING : State.SUBMITTED;
    }

    /** Whether it has ended, in whatever way. */
    public boolean ended() {
        return terminal.isPresent();
    }

    /** Whether it ended COMPLETED, be its result still there or not. */
    public boolean completed() {
        return terminal.filter(t -> t.end() == JobState.End.COMPLETED).isPresent();
    }

    /** How many chunks it has, where known. */
    public OptionalLong count() {
        return spec.count().isPresent()
                ? spec.count()
                : seal.map(s -> OptionalLong.of(s.count()))
                        .or(() -> progress.map(JobState.Progress::count))
                        .orElseGet(OptionalLong::empty);
    }

    /** Length of the split axis, where known. */
    public OptionalLong rows() {
        return spec.header().rows().isPresent()
                ? spec.header().rows()
                : seal.map(s -> OptionalLong.of(s.rows())).orElseGet(OptionalLong::empty);
    }

    /** Chunks whose outcome has arrived, the failed ones among them; all of them once it is COMPLETED. */
    public long done() {
        long said = progress.map(JobState.Progress::done).orElse(0L);
        return completed() ? count().orElse(said) : said;
    }

    /** Chunks that failed in a job that goes on, or went on, without them. */
    public long failed() {
        return holes().map(ResultInfo.Holes::chunks)
                .or(() -> progress.map(JobState.Progress::failed))
                .orElse(0L);
    }

    /** Rows whose chunk is not done, where known; none once it has ended COMPLETED. */
    public OptionalLong rowsLeft() {
        if (rows().isEmpty() || completed()) {
            return completed() ? OptionalLong.of(0) : OptionalLong.empty();
        }
        long done = progress.map(JobState.Progress::rowsDone).orElse(0L);
        return OptionalLong.of(Math.max(0, rows().getAsLong() - done));
    }

    /** Milliseconds until it is done if it goes on as it did, where that can be told. */
    public OptionalLong millisLeft() {
        return ended()
                ? OptionalLong.empty()
                : progress.map(JobState.Progress::millisLeft).orElseGet(OptionalLong::empty);
    }

    /** What it waits for, where it cannot go on. */
    public Optional<String> waiting() {
        return ended() ? Optional.empty() : progress.flatMap(JobState.Progress::waiting);
    }

    /** Why there is no result, in one line. */
    public Optional<String> error() {
        return gone.map(JobState.Gone::error).or(() -> terminal.flatMap(JobState.Terminal::error));
    }

    /** The result, if there is one and it is not gone. */
    public Optional<ResultInfo> result() {
        return gone.isPresent() ? Optional.empty() : terminal.flatMap(JobState.Terminal::result);
    }

    /** What is missing in its result, be that still there or not; empty where nothing is. */
    public Optional<ResultInfo.Holes> holes() {
        return terminal.flatMap(JobState.Terminal::result)
                .flatMap(ResultInfo::holes)
                .filter(holes -> holes.chunks() > 0);
    }
}
