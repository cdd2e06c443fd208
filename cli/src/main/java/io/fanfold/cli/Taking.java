package io.fanfold.cli;

import io.fanfold.cli.door.Door;
import io.fanfold.cli.door.JobView;
import io.fanfold.cli.local.WorkDirectory;
import java.io.IOException;
import java.util.Optional;

/** How a result comes from a fleet to a file. */
final class Taking {
    private Taking() {}

    /** Fetches it, puts it at its place and says so; returns the exit code. */
    static int take(OnDoor command, Door door, JobView job, Output out) throws IOException, InterruptedException {
        try (WorkDirectory work = new WorkDirectory(out.directory())) {
            Lifetime.closeOnExit(work);
            out.take(door.fetch(job, work.path()));
        }
        command.out()
                .println(
                        command.format.json
                                ? LetterText.line(job.json()
                                        .deepCopy()
                                        .put("out", out.path().toString()))
                                : "job " + job.job() + " -> " + out.path().getFileName());
        HoleText.of(job.failed(), job.chunks().orElse(0), Optional.of(job.job()))
                .ifPresent(holes -> command.remark("fanfold: " + holes.line(Optional.of(out))));
        return ExitCodes.of(job);
    }
}
