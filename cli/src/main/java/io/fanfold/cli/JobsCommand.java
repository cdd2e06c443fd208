package io.fanfold.cli;

import io.fanfold.cli.show.Progress;
import io.fanfold.cli.show.Table;
import io.fanfold.producer.client.JobReport;
import io.fanfold.producer.client.JobTable;
import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.wire.JobId;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists the jobs of a fleet, or shows one. */
@Command(
        name = "jobs",
        mixinStandardHelpOptions = true,
        description = {
            "List the jobs of a fleet, in the order of acceptance; or show all that is known of one.",
            "The state of a job whose result is no longer there is LOST or EXPIRED."
        })
final class JobsCommand implements Callable<Integer> {
    @Parameters(paramLabel = "JOB", arity = "0..1", description = "Show this one.")
    @Nullable
    String job;

    @Option(
            names = "--state",
            paramLabel = "STATE",
            split = ",",
            description = "Only those that are ${COMPLETION-CANDIDATES}; may be repeated.")
    Set<JobReport.State> wanted = EnumSet.noneOf(JobReport.State.class);

    @Option(names = "--json", description = "For programs: one JSON object a line.")
    boolean json;

    @Option(
            names = "--bootstrap-server",
            paramLabel = "HOST:PORT",
            required = true,
            defaultValue = "${env:FANFOLD_BOOTSTRAP_SERVER}",
            description = "The Kafka cluster (or FANFOLD_BOOTSTRAP_SERVER).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String bootstrapServer;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Connection connection;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Verbosity verbosity;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Logs.people(verbosity.verbose);
        PrintWriter out = spec.commandLine().getOut();
        try (JobTable table = JobTable.connect(connection.settings(bootstrapServer), "fanfold-jobs")) {
            if (job == null) {
                list(table.all(), out);
            } else {
                JobId id = new JobId(job);
                show(
                        table.find(id)
                                .orElseThrow(() -> new InvalidRequestException(
                                        "there is no job " + id + "; fanfold jobs shows those that there are")),
                        out);
            }
        }
        out.flush();
        return 0;
    }

    private void list(List<JobReport> all, PrintWriter out) {
        List<JobReport> reports = all.stream()
                .filter(report -> wanted.isEmpty() || wanted.contains(report.state()))
                .toList();
        if (json) {
            reports.forEach(report -> out.println(LetterText.line(JobText.json(report))));
            return;
        }
        if (reports.isEmpty()) {
            out.println(all.isEmpty() ? "No jobs." : "No such jobs, of " + all.size() + ".");
            return;
        }
        Table table = new Table(JobText.HEADER);
        reports.forEach(report -> table.row(JobText.row(report)));
        table.printLines(
                out, Progress.onTerminal() ? spec.usageMessage().autoWidth(true).width() : Integer.MAX_VALUE);
    }

    private void show(JobReport report, PrintWriter out) {
        if (json) {
            out.println(LetterText.line(JobText.json(report)));
        } else {
            JobText.lines(report).forEach((name, text) -> out.printf("%-10s%s%n", name, LetterText.plain(text)));
        }
    }
}
