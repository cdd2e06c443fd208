package io.fanfold.cli;

import io.fanfold.cli.door.Door;
import io.fanfold.cli.door.DoorAddress;
import io.fanfold.cli.door.JobName;
import io.fanfold.cli.door.JobView;
import io.fanfold.cli.door.Which;
import io.fanfold.cli.show.Colours;
import io.fanfold.cli.show.Table;
import io.fanfold.producer.client.JobReport;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Lists the jobs of a fleet, or shows one. */
@Command(
        name = "jobs",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "List the jobs of a fleet, in the order of acceptance; or show all that is known of one.",
            "The state of a job whose result is no longer there is LOST or EXPIRED."
        },
        footer = {
            "",
            "Examples:",
            "  fanfold jobs --server http://localhost:8080",
            "  fanfold jobs --state running,submitted --bootstrap-server localhost:9092",
            "  fanfold jobs --key night-42 --json",
            "",
            "Exit codes: 0 done, 1 the fleet cannot be asked, 2 wrong use or no such job."
        })
final class JobsCommand extends OnDoor {
    @Parameters(
            paramLabel = "JOB",
            arity = "0..1",
            description = "Show this one: its id, or key:NAME for the key it was submitted with.")
    @Nullable
    String job;

    @Option(
            names = "--state",
            paramLabel = "STATE",
            split = ",",
            description = "Only those that are ${COMPLETION-CANDIDATES}; may be repeated.")
    Set<JobReport.State> wanted = EnumSet.noneOf(JobReport.State.class);

    @Option(names = "--key", paramLabel = "KEY", description = "Only the one that holds this key.")
    @Nullable
    String key;

    @Option(names = "--limit", paramLabel = "N", description = "The newest N (default: all).")
    @Nullable
    Integer limit;

    @Override
    void check() {
        if (limit != null && limit < 1) {
            throw new ParameterException(spec.commandLine(), "--limit is " + limit + "; it must be at least 1");
        }
    }

    @Override
    int on(Door open, DoorAddress at) throws IOException, InterruptedException {
        if (job != null) {
            show(open.require(JobName.parse(job)));
            return 0;
        }
        int most = limit == null ? Integer.MAX_VALUE : limit;
        list(open.jobs(new Which(Optional.ofNullable(key), wanted, most)), open);
        return 0;
    }

    private void list(List<JobView> jobs, Door open) throws IOException, InterruptedException {
        if (format.json) {
            jobs.forEach(view -> out().println(LetterText.line(view.json())));
            return;
        }
        if (jobs.isEmpty()) {
            boolean all = wanted.isEmpty() && key == null;
            int others = all ? 0 : open.jobs(Which.all()).size();
            out().println(others == 0 ? "No jobs." : "No such jobs, of " + others + ".");
            return;
        }
        Table table = new Table(JobText.HEADER).styled(JobText.STATE, Colours.by(StatusCommand::colour));
        jobs.forEach(view -> table.row(JobText.row(view)));
        table.printLines(out(), lineWidth());
    }

    private void show(JobView view) {
        if (format.json) {
            out().println(LetterText.line(view.json()));
        } else {
            StatusCommand.print(out(), view);
        }
    }
}
