package io.fanfold.cli;

import io.fanfold.cli.door.Door;
import io.fanfold.cli.door.DoorAddress;
import io.fanfold.cli.door.JobView;
import io.fanfold.cli.show.Colours;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows how one job stands. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Show all that is known of a job, as it is now.",
        footer = {
            "",
            "Examples:",
            "  fanfold status jFb5xQlDK_FE7gjxn --server http://localhost:8080",
            "  fanfold status key:night-42 --json | jq .state",
            "",
            "Exit codes: 0 done, 1 the fleet cannot be asked, 2 wrong use or no such job."
        })
final class StatusCommand extends OnDoor {
    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private JobOption job;

    @Override
    int on(Door open, DoorAddress at) throws IOException, InterruptedException {
        JobView view = open.require(job.name());
        if (format.json) {
            out().println(LetterText.line(view.json()));
        } else {
            print(out(), view);
        }
        return 0;
    }

    /** A line for each thing that is known. */
    static void print(PrintWriter out, JobView view) {
        JobText.lines(view).forEach((name, text) -> {
            String plain = LetterText.plain(text);
            out.printf("%-10s%s%n", name, name.equals("state") ? colour(plain).of(plain) : plain);
        });
    }

    /** The colour of a state. */
    static Colours colour(String state) {
        return switch (state) {
            case "COMPLETED" -> Colours.GREEN;
            case "RUNNING", "SUBMITTED" -> Colours.CYAN;
            case "FAILED", "LOST" -> Colours.RED;
            case "CANCELLED", "EXPIRED" -> Colours.YELLOW;
            default -> Colours.PLAIN;
        };
    }
}
