package io.fanfold.cli;

import io.fanfold.cli.doctor.BrokerDoctor;
import io.fanfold.cli.doctor.Check;
import io.fanfold.cli.doctor.ServerDoctor;
import io.fanfold.cli.door.DoorAddress;
import io.fanfold.cli.show.Colours;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks for what keeps a fleet from working. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Look at a fleet and say of each thing whether it is well, and what to type where it is not. Changes"
                    + " nothing.",
            "Through the broker all is seen: brokers, topics, rights, clocks, disks, workers, aggregators, jobs."
                    + " Through a server less."
        },
        footer = {
            "",
            "Examples:",
            "  fanfold doctor --bootstrap-server localhost:9092",
            "  fanfold doctor --server http://localhost:8080",
            "  fanfold doctor --json | jq 'select(.level == \"problem\")'",
            "",
            "Exit codes: 0 all is well, or there are warnings; 1 there are problems; 2 wrong use."
        })
final class DoctorCommand implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private DoorOptions door;

    @Option(
            names = "--pool",
            paramLabel = "POOL",
            description = "A pool that shall be there; may be repeated (default: those that have a topic).")
    Set<String> pools = new TreeSet<>();

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Format format;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Verbosity verbosity;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    private final List<Check> seen = new ArrayList<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Logs.people(verbosity.verbose);
        PrintWriter out = spec.commandLine().getOut();
        switch (door.address()) {
            case DoorAddress.Http http -> new ServerDoctor(http, Version.text(), check -> print(check, out)).examine();
            case DoorAddress.Kafka kafka ->
                new BrokerDoctor(kafka.settings(), check -> print(check, out)).examine(pools);
        }
        long problems = count(Check.Level.PROBLEM);
        if (!format.json) {
            out.println(
                    problems + count(Check.Level.WARNING) == 0
                            ? "All is well."
                            : RunCommand.plural(problems, "problem") + ", "
                                    + RunCommand.plural(count(Check.Level.WARNING), "warning") + ".");
        }
        out.flush();
        return problems == 0 ? 0 : 1;
    }

    private long count(Check.Level level) {
        return seen.stream().filter(check -> check.level() == level).count();
    }

    private void print(Check check, PrintWriter out) {
        seen.add(check);
        if (format.json) {
            var o = JobText.object()
                    .put("what", check.what())
                    .put("level", check.level().name().toLowerCase(Locale.ROOT))
                    .put("detail", check.detail());
            check.remedy().ifPresent(remedy -> o.put("remedy", remedy));
            out.println(LetterText.line(o));
        } else {
            String level = String.format("%-8s", check.level().name().toLowerCase(Locale.ROOT));
            out.println(colour(check.level()).of(level) + " " + String.format("%-13s", check.what()) + " "
                    + LetterText.plain(check.detail()));
            check.remedy().ifPresent(remedy -> out.println(" ".repeat(23) + "-> " + LetterText.plain(remedy)));
        }
        out.flush();
    }

    private static Colours colour(Check.Level level) {
        return switch (level) {
            case OK -> Colours.GREEN;
            case UNKNOWN -> Colours.CYAN;
            case WARNING -> Colours.YELLOW;
            case PROBLEM -> Colours.RED;
        };
    }
}
