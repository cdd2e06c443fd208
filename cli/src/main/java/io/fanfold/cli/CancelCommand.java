package io.fanfold.cli;

import io.fanfold.cli.door.Door;
import io.fanfold.cli.door.DoorAddress;
import io.fanfold.cli.door.JobView;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Asks for a job to be ended. */
@Command(
        name = "cancel",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Ask for a job to be cancelled. Chunks that wait are dropped, those that run are stopped where that can be"
                    + " done.",
            "It is decided by the aggregator: a job that is completed at that moment stays so (see fanfold wait)."
        },
        footer = {
            "",
            "Examples:",
            "  fanfold cancel jFb5xQlDK_FE7gjxn --server http://localhost:8080",
            "  fanfold cancel key:night-42 --bootstrap-server localhost:9092",
            "",
            "Exit codes: 0 it is asked for, 1 the fleet cannot be asked, 2 wrong use, no such job, or it has ended."
        })
final class CancelCommand extends OnDoor {
    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private JobOption job;

    @Override
    int on(Door open, DoorAddress at) throws IOException, InterruptedException {
        JobView view = open.require(job.name());
        open.cancel(view);
        out().println(format.json ? LetterText.line(view.json()) : "job " + view.job() + ": asked to be cancelled");
        return 0;
    }
}
