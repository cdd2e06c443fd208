package io.fanfold.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fanfold.cli.local.LocalFleet;
import io.fanfold.cli.local.Parts;
import io.fanfold.cli.local.WorkDirectory;
import io.fanfold.cli.show.Table;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.fold.Folds;
import io.fanfold.protocol.wire.Strategy;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures strategies against each other and against what Python people use, in one run on this machine. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = {
            "Measure the strategies side by side on a warm fleet with one worker on this machine:",
            "waiting work against Python's asyncio.gather, and auto against the strategy that fits.",
            "Each round measures all of them; what counts is the median of the rounds' ratios."
        },
        subcommands = BenchAggregatorCommand.class)
final class BenchCommand implements Callable<Integer> {
    private static final String GATHER = """
        import asyncio, sys, time
        async def main(n, seconds):
            begin = time.perf_counter()
            await asyncio.gather(*[asyncio.sleep(seconds) for _ in range(n)])
            return time.perf_counter() - begin
        print(asyncio.run(main(int(sys.argv[1]), float(sys.argv[2]))))
        """;

    /** Rounds in which the JVMs compile what is hot, and auto learns. */
    private static final int WARM_UP = 10;

    /** What is measured, and what it is compared with. */
    private enum Figure {
        GATHER("asyncio.gather", "asyncio.gather"),
        ASYNC("sleep, async", "asyncio.gather"),
        AUTO_WAITS("sleep, auto", "sleep, async"),
        THREADS("mandelbrot, threads", "mandelbrot, threads"),
        AUTO_COMPUTES("mandelbrot, auto", "mandelbrot, threads");

        private final String label;
        private final String reference;

        Figure(String label, String reference) {
            this.label = label;
            this.reference = reference;
        }

        private Figure comparedWith() {
            return Arrays.stream(values())
                    .filter(f -> f.label.equals(reference))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "7", description = "Rounds (default: 7).")
    private int rounds;

    @Option(
            names = "--chunks",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Chunks that wait (default: 1000).")
    private int chunks;

    @Option(
            names = "--ms",
            paramLabel = "MS",
            defaultValue = "500",
            description = "How long each waits (default: 500).")
    private int ms;

    @Option(
            names = "--size",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Compute the Mandelbrot set of N x N points (default: 1000).")
    private int size;

    @Option(
            names = "--python-executable",
            paramLabel = "PATH",
            defaultValue = "${env:FANFOLD_PYTHON:-python3}",
            description = "The Python to compare with (default: python3; or FANFOLD_PYTHON).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String python;

    @Option(names = "--json", description = "For programs: one JSON object a line.")
    private boolean json;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Verbosity verbosity;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Logs.people(verbosity.verbose);
        if (rounds < 1 || chunks < 1 || ms < 0 || size < 2) {
            throw new ParameterException(spec.commandLine(), "--rounds, --chunks must be at least 1, --ms 0, --size 2");
        }
        try (Parts parts = new Parts()) {
            Lifetime.closeOnExit(parts);
            WorkDirectory work = parts.opened(new WorkDirectory(Path.of(System.getProperty("java.io.tmpdir"))));
            LocalFleet fleet =
                    parts.opened(LocalFleet.start(work.path(), 1, List.of(), Folds.builtIn(), verbosity.verbose));
            print(measured(new TimedMap(fleet, work.path())));
        }
        return 0;
    }

    private Map<Figure, List<Double>> measured(TimedMap map) throws IOException, InterruptedException {
        Path waits = map.zeros("waits.npy", DType.parse("|u1"), chunks);
        Path plane = map.plane("plane.npy", size);
        Map<Figure, Measurement> all = new LinkedHashMap<>();
        all.put(Figure.GATHER, this::gather);
        all.put(Figure.ASYNC, () -> map.seconds(waits, "sleep", Map.of("ms", ms), chunks, Strategy.ASYNC));
        all.put(Figure.AUTO_WAITS, () -> map.seconds(waits, "sleep", Map.of("ms", ms), chunks, Strategy.AUTO));
        Map<String, Object> iterations = Map.of("iterations", 5000);
        all.put(Figure.THREADS, () -> map.seconds(plane, "mandelbrot", iterations, 64, Strategy.THREADS));
        all.put(Figure.AUTO_COMPUTES, () -> map.seconds(plane, "mandelbrot", iterations, 64, Strategy.AUTO));
        Map<Figure, List<Double>> seconds = new EnumMap<>(Figure.class);
        for (int round = -WARM_UP; round < rounds; round++) {
            System.err.println(round < 0 ? "warming up, " + -round : "round " + (round + 1) + " of " + rounds);
            List<Map.Entry<Figure, Measurement>> order = new ArrayList<>(all.entrySet());
            Collections.shuffle(order, new Random(round)); // nothing always follows the same
            for (Map.Entry<Figure, Measurement> one : order) {
                double took = one.getValue().seconds();
                if (round >= 0) {
                    seconds.computeIfAbsent(one.getKey(), _ -> new ArrayList<>())
                            .add(took);
                }
            }
        }
        return seconds;
    }

    /** One thing done once. */
    private interface Measurement {
        double seconds() throws IOException, InterruptedException;
    }

    private double gather() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        python, "-c", GATHER, Integer.toString(chunks), Double.toString(ms / 1000.0))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new FanfoldException(python + " could not run asyncio.gather: exit code " + process.exitValue());
        }
        return Double.parseDouble(out);
    }

    private void print(Map<Figure, List<Double>> seconds) {
        PrintWriter out = spec.commandLine().getOut();
        Table table = new Table("what", "seconds", "compared with", "ratio", "from", "to");
        ObjectMapper mapper = new ObjectMapper();
        seconds.forEach((figure, took) -> {
            List<Double> ratios = ratios(took, seconds.getOrDefault(figure.comparedWith(), List.of()));
            if (json) {
                ObjectNode o = mapper.createObjectNode()
                        .put("what", figure.label)
                        .put("seconds", median(took))
                        .put("comparedWith", figure.reference)
                        .put("ratio", median(ratios));
                o.set("ratios", mapper.valueToTree(ratios));
                out.println(o);
            } else {
                Function<Double, String> two = d -> String.format(Locale.ROOT, "%.3f", d);
                table.row(
                        figure.label,
                        two.apply(median(took)),
                        figure.reference,
                        two.apply(median(ratios)),
                        two.apply(ratios.stream().min(Double::compare).orElse(0.0)),
                        two.apply(ratios.stream().max(Double::compare).orElse(0.0)));
            }
        });
        if (!json) {
            table.print(out);
        }
        out.flush();
    }

    static List<Double> ratios(List<Double> took, List<Double> reference) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < took.size(); i++) {
            ratios.add(took.get(i) / reference.get(i));
        }
        return ratios;
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }
}
