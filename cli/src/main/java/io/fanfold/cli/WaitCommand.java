package io.fanfold.cli;

import io.fanfold.cli.door.Door;
import io.fanfold.cli.door.DoorAddress;
import io.fanfold.cli.door.JobView;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Waits for a job's end. */
@Command(
        name = "wait",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Wait for a job's end, for a script: the exit code says how it ended.",
        footer = {
            "",
            "Examples:",
            "  fanfold wait jFb5xQlDK_FE7gjxn --server http://localhost:8080",
            "  fanfold wait key:night-42 --timeout 3600 || echo \"not done: $?\"",
            "",
            "Exit codes: 0 it is COMPLETED, 3 without the chunks that failed, 1 it ended in another way or cannot be"
                    + " followed, 2 wrong use or no such job, 4 time ran out and it goes on."
        })
final class WaitCommand extends OnDoor {
    /** As many seconds as a duration in nanoseconds can have. */
    private static final double MOST = 9e9;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private JobOption job;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "Give up after so long; the job goes on (default: never).")
    @Nullable
    Double timeout;

    @Override
    void check() {
        if (timeout != null && !(timeout >= 0 && timeout <= MOST)) {
            throw new ParameterException(
                    spec.commandLine(), "--timeout is " + timeout + "; it must be a number of seconds from 0 on");
        }
    }

    @Override
    int on(Door open, DoorAddress at) throws IOException, InterruptedException {
        Optional<Duration> patience = Optional.ofNullable(timeout).map(s -> Duration.ofNanos((long) (s * 1e9)));
        JobView end = open.follow(open.require(job.name()).job(), patience, view -> {});
        out().println(format.json ? LetterText.line(end.json()) : JobText.line(end));
        if (!end.ended()) {
            remark("fanfold: time ran out after " + timeout + " s; the job goes on");
        }
        return ExitCodes.of(end);
    }
}
