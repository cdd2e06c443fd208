package io.fanfold.producer.client;

import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.wire.JobId;

/** Outcomes of a job were deleted from the broker before they were read, as they are some time after its end. */
public final class OutcomesGoneException extends FanfoldException {
    private static final long serialVersionUID = 1L;

    private final transient JobId job;

    OutcomesGoneException(JobId job) {
        super("outcomes of job " + job + " were deleted, or may have been, before they were read:"
                + " take its result, or read outcomes while a job runs");
        this.job = job;
    }

    /** Whose outcomes. */
    public JobId job() {
        return job;
    }
}
