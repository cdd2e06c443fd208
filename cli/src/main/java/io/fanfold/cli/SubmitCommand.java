package io.fanfold.cli;

import io.fanfold.cli.door.Door;
import io.fanfold.cli.door.DoorAddress;
import io.fanfold.cli.door.JobView;
import io.fanfold.cli.door.Request;
import io.fanfold.cli.show.Transfer;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.wire.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Submits an array to a fleet. */
@Command(
        name = "submit",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Submit an array to a fleet: print the job's id once all its chunks are written, and leave it to the"
                    + " fleet.",
            "With --key, the same command finds the job that there is, and goes on where another was stopped."
        },
        footer = {
            "",
            "Examples:",
            "  fanfold submit --function sqrt --in x.npy --server http://localhost:8080",
            "  job=$(fanfold submit --function scale -p factor=2 --in x.npy --bootstrap-server localhost:9092)",
            "  make-array | fanfold submit --function sqrt --in - --key night-42",
            "  fanfold submit --function sqrt --in x.npy --wait --out y.npy",
            "",
            "Exit codes: 0 it is submitted (with --wait: COMPLETED), 1 the work failed, 2 wrong use, 3 with --wait:"
                    + " done without the chunks that failed (--keep-going)."
        })
final class SubmitCommand extends OnDoor {
    @Option(
            names = "--function",
            paramLabel = "NAME",
            required = true,
            description = "The function, NAME or NAME@VERSION (see fanfold functions).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String function;

    @Option(
            names = "--in",
            paramLabel = "X.npy",
            required = true,
            description = "The array, as np.save writes it; - reads standard input.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path in;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "A name of your own for the job: submitting it again finds the job that there is.")
    @Nullable
    String key;

    @Option(
            names = "--pool",
            paramLabel = "POOL",
            defaultValue = Topics.DEFAULT_POOL,
            description = "The pool that has the function (default: default).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String pool;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private MapOptions options;

    @Option(
            names = "--wait",
            description = "Wait for the job's end, with its progress. Ctrl-C leaves the job to the fleet.")
    boolean wait;

    @Option(names = "--out", paramLabel = "Y.npy", description = "With --wait: write the result here.")
    @Nullable
    Path file;

    @Override
    void check() throws IOException {
        if (file != null && !wait) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--out goes with --wait; later the result is had with: fanfold result JOB --out");
        }
        if (file != null) {
            Output.of(file);
        }
        if (!stdin() && Files.isDirectory(in)) {
            throw new ParameterException(spec.commandLine(), "cannot read " + in + ": it is a directory");
        }
    }

    private boolean stdin() {
        return in.toString().equals("-");
    }

    @Override
    int on(Door open, DoorAddress at) throws IOException, InterruptedException {
        JobView job = submit(open);
        if (!wait) {
            requireGood(job);
            out().println(format.json ? LetterText.line(job.json()) : job.job().value());
            if (!format.json) {
                remark("watch it with: fanfold watch " + job.job() + " " + at.option());
            }
            return 0;
        }
        remark("job " + job.job());
        JobView end = new Following(open, at, this::remark).see(job);
        requireGood(end);
        if (file != null) {
            return Taking.take(this, open, end, Output.of(file));
        }
        out().println(format.json ? LetterText.line(end.json()) : JobText.line(end));
        return ExitCodes.of(end);
    }

    private JobView submit(Door open) throws IOException, InterruptedException {
        Request.Array array = stdin() ? new Request.Array.Stream(System.in) : new Request.Array.File(in);
        Thread atExit = Lifetime.onExit(open::close);
        try (Transfer transfer = Transfer.of("submit", stdin() ? -1 : Files.size(in))) {
            return open.submit(
                    new Request(array, options.texts(function, pool), Optional.ofNullable(key)), transfer::at);
        } finally {
            Lifetime.forget(atExit);
        }
    }

    private static void requireGood(JobView job) {
        if (job.ended() && !job.completed()) {
            throw new FanfoldException(LetterText.plain("job " + job.job() + " ended " + job.state() + ": "
                    + job.error().orElse("no reason was given")));
        }
    }
}
