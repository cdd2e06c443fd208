package io.fanfold.cli;

import io.fanfold.cli.door.JobName;
import picocli.CommandLine.Parameters;

/** The job that a command is about. */
final class JobOption {
    @Parameters(paramLabel = "JOB", description = "The job's id, or key:NAME for the key it was submitted with.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String job;

    JobName name() {
        return JobName.parse(job);
    }
}
