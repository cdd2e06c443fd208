package io.fanfold.producer.dispatch;

import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.wire.JobId;

/** A submitter's key names a job that is another than the one that is asked for. */
public final class ConflictException extends InvalidRequestException {
    private static final long serialVersionUID = 1L;

    private final transient JobId job;

    /** @param job the one that has the key */
    public ConflictException(JobId job, String message) {
        super(message);
        this.job = job;
    }

    /** The job that has the key. */
    public JobId job() {
        return job;
    }
}
