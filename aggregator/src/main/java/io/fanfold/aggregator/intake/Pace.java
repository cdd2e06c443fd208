package io.fanfold.aggregator.intake;

import io.fanfold.aggregator.assemble.Assembly;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.JobState;
import java.util.Optional;
import java.util.OptionalLong;

/** How fast a job comes along, and when that is worth saying. One thread. */
final class Pace {
    /** Half of what is known of the speed is from the last so many nanoseconds. */
    private static final double HALF_LIFE_NANOS = 10e9;

    private long saidNanos;
    private long said = -1;
    private OptionalLong saidCount = OptionalLong.empty();
    private Optional<String> saidWaiting = Optional.empty();
    private double chunksPerNano;

    Pace(long nowNanos) {
        this.saidNanos = nowNanos;
    }

    /** Whether there is news since it was said how far the job is. */
    boolean news(JobRecord.Spec spec, Assembly assembly, Optional<String> waiting) {
        return assembly.done() != said || !spec.count().equals(saidCount) || !waiting.equals(saidWaiting);
    }

    /** Whether it is not too soon to say something again. */
    boolean due(long nowNanos, long everyNanos) {
        return nowNanos - saidNanos >= everyNanos;
    }

    JobState.Progress progress(JobRecord.Spec spec, Assembly assembly, Optional<String> waiting, long nowNanos) {
        measure(assembly.done(), nowNanos);
        saidNanos = nowNanos;
        said = assembly.done();
        saidCount = spec.count();
        saidWaiting = waiting;
        return new JobState.Progress(
                spec.job(),
                assembly.done(),
                spec.count(),
                assembly.rowsDone(),
                spec.header().rows(),
                assembly.failures(),
                spec.count().isPresent() ? millisLeft(assembly.count() - assembly.done()) : OptionalLong.empty(),
                waiting,
                assembly.doneBelow());
    }

    private void measure(long done, long nowNanos) {
        long nanos = nowNanos - saidNanos;
        if (said < 0 || nanos <= 0) {
            return;
        }
        double latest = (double) (done - said) / nanos;
        double old = chunksPerNano == 0 ? 0 : Math.pow(0.5, nanos / HALF_LIFE_NANOS);
        chunksPerNano = old * chunksPerNano + (1 - old) * latest;
    }

    private OptionalLong millisLeft(long chunks) {
        return chunksPerNano > 0 || chunks == 0
                ? OptionalLong.of(chunks == 0 ? 0 : Math.round(chunks / chunksPerNano / 1e6))
                : OptionalLong.empty();
    }
}
