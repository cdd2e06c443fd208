package io.fanfold.cli;

import io.fanfold.cli.door.Door;
import io.fanfold.cli.door.DoorAddress;
import io.fanfold.cli.door.JobView;
import io.fanfold.protocol.FanfoldException;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Fetches a job's result. */
@Command(
        name = "result",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Fetch a job's result into a file, which is there only once it is whole.",
            "Where chunks failed (--keep-going), Y.mask.npy beside it is true for their rows and Y.errors.json says"
                    + " why."
        },
        footer = {
            "",
            "Examples:",
            "  fanfold result jFb5xQlDK_FE7gjxn --out y.npy --server http://localhost:8080",
            "  fanfold wait key:night-42 && fanfold result key:night-42 --out y.npy",
            "",
            "Exit codes: 0 it is there, 3 without the chunks that failed, 1 there is no result or it cannot be"
                    + " fetched,",
            "2 wrong use or no such job."
        })
final class ResultCommand extends OnDoor {
    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private JobOption job;

    @Option(
            names = "--out",
            paramLabel = "Y.npy",
            required = true,
            description = "The file; one that is there is replaced.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path file;

    @Override
    void check() {
        Output.of(file);
    }

    @Override
    int on(Door open, DoorAddress at) throws IOException, InterruptedException {
        JobView view = open.require(job.name());
        if (!view.ended()) {
            throw new FanfoldException("job " + view.job() + " is " + view.state() + " (" + JobText.chunks(view)
                    + " chunks): wait for its end with: fanfold wait " + view.job());
        }
        if (!view.completed()) {
            throw new FanfoldException(LetterText.plain("job " + view.job() + " has no result: it is " + view.state()
                    + view.error().map(why -> ", " + why).orElse("")));
        }
        return Taking.take(this, open, view, Output.of(file));
    }
}
