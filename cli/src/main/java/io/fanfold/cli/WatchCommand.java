package io.fanfold.cli;

import io.fanfold.cli.door.Door;
import io.fanfold.cli.door.DoorAddress;
import io.fanfold.cli.door.JobView;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows a job's progress until its end. */
@Command(
        name = "watch",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Show a job's progress until its end. Ctrl-C ends the watching, not the job.",
        footer = {
            "",
            "Examples:",
            "  fanfold watch jFb5xQlDK_FE7gjxn --server http://localhost:8080",
            "  fanfold watch key:night-42 --json",
            "",
            "Exit codes: 0 it is COMPLETED, 3 without the chunks that failed, 1 it ended in another way or cannot be"
                    + " followed, 2 wrong use or no such job."
        })
final class WatchCommand extends OnDoor {
    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private JobOption job;

    @Override
    int on(Door open, DoorAddress at) throws IOException, InterruptedException {
        JobView now = open.require(job.name());
        JobView end = format.json ? lines(open, now) : new Following(open, at, this::remark).see(now);
        if (!format.json) {
            out().println(JobText.line(end));
        }
        return ExitCodes.of(end);
    }

    /** An object for each change. */
    private JobView lines(Door open, JobView now) throws IOException, InterruptedException {
        String[] said = {""};
        return open.follow(now.job(), Optional.empty(), view -> {
            String line = LetterText.line(view.json());
            if (!line.equals(said[0])) {
                said[0] = line;
                out().println(line);
                out().flush();
            }
        });
    }
}
