package io.fanfold.bench;

import io.fanfold.bench.measure.Figure;
import io.fanfold.bench.report.Report;
import io.fanfold.bench.rig.Lab;
import io.fanfold.bench.rig.Machine;
import io.fanfold.bench.suite.Suite;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures Fanfold side by side with others. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = {
            "Measure Fanfold as it is shipped against raw Kafka and against what people use instead.",
            "Contestants take turns on this machine, which should have nothing else to do; what counts is the median"
                    + " of the rounds' ratios. The exit code is 0 whatever they are."
        })
final class BenchCommand implements Callable<Integer> {
    /** The suites, as they are typed. */
    private static final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Stream.of(Suite.values()).map(Suite::toString).iterator();
        }
    }

    @Parameters(
            paramLabel = "SUITE",
            arity = "0..*",
            completionCandidates = Names.class,
            description = "What to measure, of: ${COMPLETION-CANDIDATES} (default: all of them, which takes most of an"
                    + " hour).")
    private List<String> suites = List.of();

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures to a file, for programs.")
    private @Nullable Path json;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            defaultValue = "bench.html",
            description = "Write a page with plots (default: bench.html).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path html;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            description = "Where the broker's log and the results go (default: /dev/shm if it has 10 GB, else the"
                    + " directory for temporary files).")
    private @Nullable Path work;

    @Option(names = "--quick", description = "Try everything at a small size; the ratios then tell nothing.")
    private boolean quick;

    @Option(
            names = "--python-executable",
            paramLabel = "PATH",
            defaultValue = "${env:FANFOLD_PYTHON:-python3}",
            description = "The Python to compare with (default: python3; or FANFOLD_PYTHON).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String python;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        List<Suite> chosen = chosen();
        io.fanfold.cli.Main.quiet();
        Path directory = work == null ? Lab.roomiest() : work;
        Map<Suite, List<Figure>> figures = new EnumMap<>(Suite.class);
        Report report = new Report(Machine.facts(directory), figures);
        for (Suite suite : chosen) {
            System.err.println("== " + suite + ": " + suite.about());
            try (Lab lab = new Lab(new Lab.Setup(quick, python, directory))) {
                figures.put(suite, suite.measure(lab));
            }
            write(report); // a suite that is done is not lost with one that fails
        }
        report.print(spec.commandLine().getOut());
        return 0;
    }

    private void write(Report report) throws IOException {
        report.html(html);
        if (json != null) {
            report.json(json);
        }
    }

    private List<Suite> chosen() {
        return suites.isEmpty()
                ? List.of(Suite.values())
                : suites.stream().map(this::suite).distinct().sorted().toList();
    }

    private Suite suite(String typed) {
        return Stream.of(Suite.values())
                .filter(suite -> suite.toString().equalsIgnoreCase(typed))
                .findFirst()
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "there is no suite \"" + typed + "\": choose from " + String.join(", ", new Names())));
    }
}
