package io.fanfold.aggregator.intake;

import io.fanfold.protocol.wire.JobState;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/** What an aggregator counts. Counters are there from the beginning, with zero: one that came with its first event would hide that. */
final class Counted {
    private static final List<String> VERDICTS = List.of("placed", "duplicate", "ended", "unknown", "malformed");
    private static final List<JobState.End> ENDS =
            List.of(JobState.End.COMPLETED, JobState.End.FAILED, JobState.End.CANCELLED, JobState.End.EXPIRED);
    private static final List<JobState.End> GONE = List.of(JobState.End.LOST, JobState.End.EXPIRED);

    private Counted() {}

    static void fromZero(MeterRegistry meters) {
        VERDICTS.forEach(verdict -> meters.counter("fanfold.outcomes", "verdict", verdict));
        ENDS.forEach(end -> meters.counter("fanfold.jobs.ended", "state", end.name()));
        GONE.forEach(end -> meters.counter("fanfold.results.gone", "state", end.name()));
        meters.counter("fanfold.results.rebuilt");
        meters.counter("fanfold.store.refusals");
    }
}
