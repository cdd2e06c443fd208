package io.fanfold.cli;

import io.fanfold.producer.dispatch.Acceptance;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.fold.Folds;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Topics;
import io.fanfold.protocol.wire.WireException;
import io.fanfold.worker.function.FunctionRegistry;
import io.fanfold.worker.process.PythonFunctions;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Maps one array. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Map a function over an array, chunk by chunk, and put the results together.",
            "A fleet is made for it on this machine, with a real broker; with --bootstrap-server it goes through yours."
        },
        footer = {
            "",
            "Examples:",
            "  fanfold run --function sqrt --in x.npy --out y.npy",
            "  fanfold run --function scale --param factor=2 --in x.npy --out y.npy",
            "  fanfold run --python work.py:f --in x.npy --out y.npy",
            "  fanfold run --function abs --fold sum:all --in x.npy --out y.npy",
            "  fanfold run --python work.py:f --keep-going --in x.npy --out y.npy",
            "  fanfold run --function sqrt --in x.npy --out y.npy \\",
            "      --bootstrap-server localhost:9092",
            "",
            "Exit codes: 0 done, 1 the work failed, 2 wrong use, 3 done without the chunks that failed (--keep-going):",
            "then y.mask.npy is true for their rows, and y.errors.json says why."
        })
final class RunCommand implements Callable<Integer> {
    /** What is run: one of the two. */
    static final class What {
        @Option(
                names = "--function",
                paramLabel = "NAME",
                required = true,
                description = "The function (see fanfold functions).")
        @Nullable
        String function;

        @Option(
                names = "--python",
                paramLabel = "FILE.py:FUNC",
                required = true,
                description = "A Python function of an ndarray; it goes to workers of its own on this machine.")
        @Nullable
        String python;
    }

    @ArgGroup(multiplicity = "1")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private What what;

    @Option(names = "--in", paramLabel = "X.npy", required = true, description = "The array, as np.save writes it.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path in;

    @Option(names = "--out", paramLabel = "Y.npy", required = true, description = "The result; there once it is whole.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path out;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private MapOptions options;

    @Option(
            names = "--workers",
            paramLabel = "N",
            description = "Worker processes on this machine (default: 2; with --bootstrap-server only for --python).")
    @Nullable
    Integer workers;

    @Option(
            names = "--bootstrap-server",
            paramLabel = "HOST:PORT",
            description = "Use the fleet behind this broker: its workers, its aggregators.")
    @Nullable
    String bootstrapServer;

    @Option(
            names = "--pool",
            paramLabel = "POOL",
            defaultValue = Topics.DEFAULT_POOL,
            description = "The fleet's pool that has the function (default: default; with --bootstrap-server).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String pool;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private PluginOptions plugins;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Connection connection;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private TokenOptions token;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Verbosity verbosity;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Logs.people(verbosity.verbose);
        if (workers != null && (workers < 1 || (bootstrapServer != null && what.python == null))) {
            throw new ParameterException(
                    spec.commandLine(),
                    workers < 1
                            ? "--workers is " + workers + "; it must be at least 1"
                            : "--workers goes without --bootstrap-server, or with --python: a fleet brings its own"
                                    + " (fanfold worker)");
        }
        ParseResult given = spec.commandLine().getParseResult();
        for (String option : new String[] {"--pool", "--topic-prefix", "--kafka-config", "--max-message-bytes"}) {
            if (bootstrapServer == null && given.hasMatchedOption(option)) {
                throw new ParameterException(
                        spec.commandLine(),
                        option + " goes with --bootstrap-server: a fleet on this machine needs none");
            }
        }
        try (Arena arena = Arena.ofShared()) {
            ArraySlice array = Npy.map(in, arena);
            Output output = Output.of(out);
            Told done = bootstrapServer == null ? local(array, output) : fleet(bootstrapServer, array, output);
            PrintWriter print = spec.commandLine().getOut();
            print.printf(
                    "%s of %s (%s %s): %s -> %s%n",
                    what.function == null ? what.python : what.function,
                    in,
                    array.dtype().name(),
                    array.shape(),
                    done.text(),
                    out);
            print.flush();
            done.holes().ifPresent(holes -> holes.say(spec.commandLine().getErr(), output));
            return done.holes().isPresent() ? HoleText.EXIT_CODE : 0;
        }
    }

    /** What to tell of a run that is done. */
    private record Told(String text, Optional<HoleText> holes) {}

    private Told local(ArraySlice array, Output output) throws IOException, InterruptedException {
        int count = workerCount();
        Folds folds = plugins.folds();
        folds.require(options.fold());
        Acceptance request = options.acceptance(Topics.DEFAULT_POOL, function());
        LocalRun.Report report =
                new LocalRun(count, workerOptions(), folds, verbosity.verbose).run(array, request, output);
        String replaced = report.replaced() == 0
                ? ""
                : ", " + plural(report.replaced(), "worker") + " died and " + (report.replaced() == 1 ? "was" : "were")
                        + " replaced";
        String text = plural(report.chunks(), "chunk") + ", " + plural(count, "worker") + ", " + seconds(report.work())
                + " after " + seconds(report.startUp()) + " to start" + replaced;
        return new Told(text, HoleText.of(report.failed(), report.chunks(), Optional.empty()));
    }

    /** The function, found before anything is started. */
    private FunctionDescription function() {
        return what.python == null
                ? find(plugins.registry(), what.function == null ? "" : what.function)
                : PythonFunctions.describe(plugins.python, what.python).description();
    }

    private List<String> workerOptions() {
        List<String> arguments = new ArrayList<>(plugins.arguments());
        if (what.python != null) {
            arguments.addAll(List.of("--python", what.python));
        }
        return arguments;
    }

    private Told fleet(String bootstrap, ArraySlice array, Output output) throws IOException, InterruptedException {
        KafkaSettings kafka = connection.settings(bootstrap);
        return OnCluster.run(kafka, () -> fleet(kafka, array, output));
    }

    private Told fleet(KafkaSettings kafka, ArraySlice array, Output output) throws IOException, InterruptedException {
        if (what.function == null) {
            Acceptance checked = options.acceptance(Topics.DEFAULT_POOL, function());
            try (OwnPool own =
                    new OwnPool(kafka, workerCount(), workerOptions(), output.directory(), verbosity.verbose)) {
                Lifetime.closeOnExit(own);
                try (FleetRun run = new FleetRun(kafka, token.token(), own.name(), own::watch)) {
                    return fleet(run, options.acceptance(own.name(), checked.function()), array, output);
                }
            }
        }
        try (FleetRun run = new FleetRun(kafka, token.token(), pool, () -> {})) {
            return fleet(run, options.acceptance(run.offer(what.function)), array, output);
        }
    }

    private Told fleet(FleetRun run, Acceptance request, ArraySlice array, Output output)
            throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Submission.Done done = run.run(array, request, output);
        Optional<JobId> replayable =
                what.python == null ? Optional.of(done.job().id()) : Optional.empty();
        return new Told(
                plural(done.chunks(), "chunk") + ", " + seconds(Duration.ofNanos(System.nanoTime() - begin)),
                HoleText.of(done.failed(), done.chunks(), replayable));
    }

    private int workerCount() {
        return workers == null ? 2 : workers;
    }

    static FunctionDescription builtIn(String name) {
        return find(FunctionRegistry.builtIn(), name);
    }

    private static FunctionDescription find(FunctionRegistry registry, String name) {
        Optional<FunctionDescription> exact = registry.descriptions().stream()
                .filter(f -> f.id().toString().equals(name))
                .findFirst();
        return exact.or(() -> registry.latest(name))
                .orElseThrow(() -> new WireException("there is no function \"" + name + "\"; there are "
                        + registry.descriptions().stream()
                                .map(f -> f.id().name())
                                .collect(Collectors.joining(", "))));
    }

    static String plural(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }
}
