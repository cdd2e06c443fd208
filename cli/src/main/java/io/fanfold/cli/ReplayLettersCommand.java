package io.fanfold.cli;

import io.fanfold.producer.client.DeadLetters;
import io.fanfold.producer.client.Letter;
import io.fanfold.producer.dispatch.Replay;
import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.wire.JobId;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs dead letters again. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = {
            "Write records again where they came from, key, value and headers as they were. The letters stay.",
            "Letters that are named are all checked before the first is written; of --job and --all, those that cannot"
                    + " be written are named and passed over, and the exit code is 1."
        })
final class ReplayLettersCommand extends DeadLettersCommand.OnLetters {
    /** Which letters: one of the three. */
    static final class Which {
        @Parameters(
                paramLabel = "ID",
                arity = "1..*",
                description = "Letters, as fanfold dead-letters list shows them.")
        @Nullable
        List<Long> ids;

        @Option(names = "--job", paramLabel = "JOB", required = true, description = "All letters of this job.")
        @Nullable
        String job;

        @Option(names = "--all", required = true, description = "All letters.")
        boolean all;
    }

    @ArgGroup(multiplicity = "1")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Which which;

    private int replayed;
    private int passedOver;

    @Override
    int on(DeadLetters letters, PrintWriter out) {
        if (which.ids != null) {
            which.ids.forEach(id -> letters.requireReplayable(letters.find(id)));
            which.ids.forEach(id -> replay(letters, letters.find(id), out));
            return 0;
        }
        JobId job = which.job == null ? null : new JobId(which.job);
        Predicate<Letter> wanted =
                letter -> job == null || letter.job().filter(job::equals).isPresent();
        letters.each(letter -> {
            if (wanted.test(letter)) {
                replayIfPossible(letters, letter, out);
            }
        });
        if (replayed + passedOver == 0) {
            out.println("No dead letters" + (job == null ? "." : " of job " + job + "."));
        }
        return passedOver == 0 ? 0 : 1;
    }

    private void replayIfPossible(DeadLetters letters, Letter letter, PrintWriter out) {
        try {
            replay(letters, letter, out);
        } catch (InvalidRequestException e) {
            passedOver++;
            spec.commandLine().getErr().println("fanfold: " + LetterText.plain(e.getMessage()));
        }
    }

    private void replay(DeadLetters letters, Letter letter, PrintWriter out) {
        Replay.Written written = letters.replay(letter);
        replayed++;
        out.println("letter " + letter.id() + " -> " + written.topic() + ", partition " + written.partition()
                + ", offset " + written.offset());
    }
}
