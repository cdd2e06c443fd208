package io.fanfold.producer.client;

import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.ResultInfo;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/** A job has no result: it FAILED or EXPIRED, or its result is LOST or was kept no longer. */
public final class JobFailedException extends FanfoldException {
    private static final long serialVersionUID = 1L;

    private final transient JobId job;
    private final JobState.End end;
    private final transient Optional<JobState.FailedChunk> chunk;

    private JobFailedException(JobId job, JobState.End end, String why, Optional<JobState.FailedChunk> chunk) {
        super("job " + job + " is " + end + ": " + why);
        this.job = job;
        this.end = end;
        this.chunk = chunk;
    }

    /**
     * The result of a job that has ended.
     *
     * @param gone what became of it since
     * @throws JobFailedException if there is none
     * @throws CancellationException if the job was cancelled
     */
    static ResultInfo require(JobState.Terminal end, Optional<JobState.Gone> gone) {
        if (gone.isPresent()) {
            throw new JobFailedException(end.job(), gone.get().end(), gone.get().error(), Optional.empty());
        }
        String why = end.error().orElse("no reason is given");
        return switch (end.end()) {
            case COMPLETED ->
                end.result().orElseThrow(() -> new FanfoldException("job " + end.job() + " has no result"));
            case CANCELLED -> throw new CancellationException("job " + end.job() + " was cancelled: " + why);
            case FAILED, EXPIRED, LOST -> throw new JobFailedException(end.job(), end.end(), why, end.chunk());
        };
    }

    public JobId job() {
        return job;
    }

    /** How it ended: FAILED, EXPIRED or LOST. */
    public JobState.End end() {
        return end;
    }

    /** The failed chunk that ended it, where one did: its index, its rows, the function and what that threw. */
    public Optional<JobState.FailedChunk> chunk() {
        return chunk;
    }
}
