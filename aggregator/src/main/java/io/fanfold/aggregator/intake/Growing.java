package io.fanfold.aggregator.intake;

import io.fanfold.aggregator.assemble.Assembly;
import io.fanfold.aggregator.store.Spool;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.JobState;
import java.io.IOException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A job whose outcomes are coming in: its assembly, its spool, and the first offset that would rebuild it. One thread. */
final class Growing {
    private static final long PROGRESS_EVERY_NANOS = 200_000_000;

    final JobRecord.Spec spec;
    final Assembly assembly;
    final int partition;
    final long firstOffset;

    @Nullable
    Spool spool;

    private long saidNanos;
    private long said = -1;

    Growing(JobRecord.Spec spec, int partition, long firstOffset) {
        this.spec = spec;
        this.assembly = new Assembly(spec);
        this.partition = partition;
        this.firstOffset = firstOffset;
    }

    /** Whether there is progress to say, and it is not too soon. */
    boolean due(long nowNanos) {
        return assembly.done() != said && nowNanos - saidNanos >= PROGRESS_EVERY_NANOS;
    }

    JobState.Progress progress(long nowNanos) {
        saidNanos = nowNanos;
        said = assembly.done();
        return new JobState.Progress(
                spec.job(),
                assembly.done(),
                OptionalLong.of(assembly.count()),
                assembly.rowsDone(),
                spec.header().rows());
    }

    void discard() throws IOException {
        if (spool != null) {
            spool.discard();
        }
    }
}
