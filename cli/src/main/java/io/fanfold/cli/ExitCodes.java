package io.fanfold.cli;

import io.fanfold.cli.door.JobView;

/** What the exit code of a command that waits for a job says of it. */
final class ExitCodes {
    /** Time ran out; the job goes on. */
    static final int TIMEOUT = 4;

    private ExitCodes() {}

    /** 0 it is COMPLETED, 3 without the chunks that failed, 1 it ended in another way, 4 it goes on. */
    static int of(JobView job) {
        if (!job.ended()) {
            return TIMEOUT;
        }
        if (!job.completed()) {
            return 1;
        }
        return job.failed() > 0 ? HoleText.EXIT_CODE : 0;
    }
}
