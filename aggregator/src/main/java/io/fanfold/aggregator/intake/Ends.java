package io.fanfold.aggregator.intake;

import io.fanfold.aggregator.catalog.Catalog;
import io.fanfold.aggregator.catalog.Jobs;
import io.fanfold.aggregator.store.Moments;
import io.fanfold.aggregator.store.Publisher;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.ResultInfo;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ends of jobs: collected, and said together for each partition. The first end of a job counts. One thread. */
final class Ends {
    private static final Logger LOG = LoggerFactory.getLogger(Ends.class);

    private final Catalog catalog;
    private final Jobs jobs;
    private final Publisher publisher;
    private final Background background;
    private final Moments moments;
    private final MeterRegistry meters;
    private final Map<JobId, End> ends = new LinkedHashMap<>();

    /** An end that is about to be said. */
    private record End(int partition, JobState.Terminal state) {}

    Ends(Intake.Parts parts, Background background, MeterRegistry meters) {
        this.catalog = parts.catalog();
        this.jobs = parts.jobs();
        this.publisher = parts.publisher();
        this.moments = parts.moments();
        this.background = background;
        this.meters = meters;
    }

    /** Whether a job has ended, or is about to. */
    boolean ended(JobId job) {
        return ends.containsKey(job) || jobs.ended(job);
    }

    /** A job can never be COMPLETED. */
    void fail(JobRecord.Spec spec, String why) {
        end(spec, JobState.End.FAILED, why);
    }

    /** The same, because of a failed chunk where there is one. */
    void fail(JobRecord.Spec spec, String why, Optional<JobState.FailedChunk> chunk) {
        end(spec, new JobState.Terminal(spec.job(), JobState.End.FAILED, Optional.empty(), Optional.of(why), chunk));
    }

    /** A job ends without a result. */
    void end(JobRecord.Spec spec, JobState.End end, String why) {
        end(spec, JobState.Terminal.ended(spec.job(), end, why));
    }

    /** A job's result is in the store. */
    void complete(JobRecord.Spec spec, ResultInfo result) {
        JobState.Terminal completed = JobState.Terminal.completed(spec.job(), result);
        ends.put(spec.job(), new End(spec.header().outcomesPartition(), completed));
    }

    private void end(JobRecord.Spec spec, JobState.Terminal state) {
        ends.putIfAbsent(spec.job(), new End(spec.header().outcomesPartition(), state));
    }

    /**
     * Says what there is to say.
     *
     * @return the jobs that have ended by that
     */
    Set<JobId> say() {
        if (ends.isEmpty()) {
            return Set.of();
        }
        Map<Integer, List<JobState.Terminal>> byPartition = ends.values().stream()
                .collect(Collectors.groupingBy(End::partition, Collectors.mapping(End::state, Collectors.toList())));
        byPartition.forEach((partition, states) -> {
            List<JobState.Terminal> standing = catalog.end(partition, states);
            moments.reached(Moments.Moment.ENDED);
            standing.forEach(this::said);
            states.stream().filter(state -> !standing.contains(state)).forEach(this::overruled);
        });
        Set<JobId> said = Set.copyOf(ends.keySet());
        ends.clear();
        return said;
    }

    private void said(JobState.Terminal state) {
        LOG.atInfo()
                .addKeyValue("job", state.job())
                .addKeyValue("state", state.end())
                .log("job ended");
        meters.counter("fanfold.jobs.ended", "state", state.end().name()).increment();
    }

    private void overruled(JobState.Terminal state) {
        if (state.result().isPresent()) {
            overruled(state.job());
        }
    }

    /** A job's result is in the store; if another end stands, one without a result, then it is for nobody. */
    void overruled(JobId job) {
        if (jobs.ended(job) && !jobs.completed(job)) {
            background.run(
                    () -> {
                        publisher.remove(job);
                        return true;
                    },
                    _ -> {},
                    e -> LOG.warn("the result of a job that ended otherwise could not be removed", e));
        }
    }

    /** What was to be said in a partition is another's to say now. */
    void forget(int partition) {
        ends.values().removeIf(end -> end.partition() == partition);
    }
}
