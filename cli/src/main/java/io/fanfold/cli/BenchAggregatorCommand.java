package io.fanfold.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fanfold.broker.LocalBroker;
import io.fanfold.cli.local.LocalFleet;
import io.fanfold.cli.local.Parts;
import io.fanfold.cli.local.WorkDirectory;
import io.fanfold.cli.show.Table;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.KafkaSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures what a chunk costs the aggregator, in jobs of different sizes and with different numbers of them at once. */
@Command(
        name = "aggregator",
        mixinStandardHelpOptions = true,
        description = {
            "Measure what a chunk costs an aggregator with a heap of 256 MB, by the size of its job and by how many"
                    + " jobs",
            "grow side by side. Outcomes are written to a real broker without a worker in between; each measurement",
            "writes the same number, whatever jobs they are of. What counts is the median of the rounds' ratios."
        })
final class BenchAggregatorCommand implements Callable<Integer> {
    private static final int SMALL_JOB = 100;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "5", description = "Rounds (default: 5).")
    private int rounds;

    @Option(
            names = "--chunks",
            paramLabel = "N",
            defaultValue = "100000",
            description = "Chunks of each measurement, and so of the largest job: a multiple of 10,000"
                    + " (default: 100000).")
    private int chunks;

    @Option(
            names = "--chunk-bytes",
            paramLabel = "B",
            defaultValue = "2000",
            description = "Bytes of each outcome (default: 2000).")
    private int chunkBytes;

    @Option(names = "--json", description = "For programs: one JSON object a line.")
    private boolean json;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Verbosity verbosity;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    /** One thing to measure, and the one to compare it with. */
    private record Figure(String what, String reference, OutcomeLoad.Load load) {}

    /**
     * What one measurement came to, for each chunk.
     *
     * @param cpu microseconds of processor time of the aggregator
     * @param wall microseconds from the first outcome to the end of the last job, whoever was busy
     * @param megabytes of the heap that were in use behind a collection
     */
    private record Cost(double cpu, double wall, int megabytes) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        Logs.people(verbosity.verbose);
        if (rounds < 1 || chunks < 10_000 || chunks % 10_000 != 0 || chunkBytes < 8) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--rounds must be at least 1, --chunks a multiple of 10,000, --chunk-bytes at least 8");
        }
        try (Parts parts = new Parts()) {
            Lifetime.closeOnExit(parts);
            WorkDirectory work = parts.opened(new WorkDirectory(Path.of(System.getProperty("java.io.tmpdir"))));
            KafkaSettings kafka = KafkaSettings.at(parts.opened(LocalFleet.broker(work.path(), LocalBroker.freePort()))
                    .bootstrapServers());
            LocalFleet.topics(kafka, 1);
            AggregatorProcess aggregator = parts.opened(AggregatorProcess.start(kafka, work.path()));
            OutcomeLoad load = parts.opened(new OutcomeLoad(kafka, chunkBytes / 8, new SimpleMeterRegistry()));
            print(measured(load, aggregator));
        }
        return 0;
    }

    private List<Figure> figures() {
        List<Figure> figures = new ArrayList<>();
        for (Fold fold : List.of(Fold.CONCAT, new Fold("sum"))) {
            for (int jobs : new int[] {100, 10, 1}) {
                figures.add(new Figure(
                        fold + ", jobs of " + chunks / jobs,
                        fold + ", jobs of " + chunks / 100,
                        new OutcomeLoad.Load(jobs, chunks / jobs, 1, fold)));
            }
        }
        int jobs = chunks / SMALL_JOB;
        for (int share : new int[] {100, 10, 1}) {
            figures.add(new Figure(
                    jobs / share + " jobs at once",
                    jobs / 100 + " jobs at once",
                    new OutcomeLoad.Load(jobs, SMALL_JOB, jobs / share, Fold.CONCAT)));
        }
        return figures;
    }

    private Map<Figure, List<Cost>> measured(OutcomeLoad load, AggregatorProcess aggregator)
            throws IOException, InterruptedException {
        Map<Figure, List<Cost>> costs = new LinkedHashMap<>();
        figures().forEach(figure -> costs.put(figure, new ArrayList<>()));
        for (int round = 0; round <= rounds; round++) {
            System.err.println(round == 0 ? "warming up" : "round " + round + " of " + rounds);
            List<Map.Entry<Figure, List<Cost>>> order = new ArrayList<>(costs.entrySet());
            Collections.shuffle(order, new Random(round)); // nothing always follows the same
            for (Map.Entry<Figure, List<Cost>> one : order) {
                Cost cost = cost(one.getKey(), load, aggregator);
                if (round > 0) {
                    one.getValue().add(cost);
                }
            }
        }
        return costs;
    }

    private Cost cost(Figure figure, OutcomeLoad load, AggregatorProcess aggregator)
            throws IOException, InterruptedException {
        long cpu = aggregator.cpu().toNanos();
        long begin = System.nanoTime();
        load.write(figure.load(), aggregator::requireAlive);
        long wall = System.nanoTime() - begin;
        long used = aggregator.cpu().toNanos() - cpu;
        return new Cost(used / 1e3 / chunks, wall / 1e3 / chunks, aggregator.megabytesInUse());
    }

    private void print(Map<Figure, List<Cost>> costs) {
        PrintWriter out = spec.commandLine().getOut();
        Table table = new Table("what", "cpu us", "wall us", "heap MB", "compared with", "ratio", "from", "to");
        Map<String, List<Double>> cpu = new LinkedHashMap<>();
        costs.forEach((figure, all) ->
                cpu.put(figure.what(), all.stream().map(Cost::cpu).toList()));
        costs.forEach((figure, all) -> {
            List<Double> own = cpu.getOrDefault(figure.what(), List.of());
            List<Double> ratios = BenchCommand.ratios(own, cpu.getOrDefault(figure.reference(), List.of()));
            double wall = BenchCommand.median(all.stream().map(Cost::wall).toList());
            int heap = all.stream().mapToInt(Cost::megabytes).max().orElse(0);
            if (json) {
                out.println(json(figure, BenchCommand.median(own), wall, heap, ratios));
            } else {
                table.row(
                        figure.what(),
                        text(BenchCommand.median(own)),
                        text(wall),
                        Integer.toString(heap),
                        figure.reference(),
                        text(BenchCommand.median(ratios)),
                        text(Collections.min(ratios)),
                        text(Collections.max(ratios)));
            }
        });
        if (!json) {
            table.print(out);
        }
        out.flush();
    }

    private static String text(double figure) {
        return String.format(Locale.ROOT, "%.2f", figure);
    }

    private static ObjectNode json(Figure figure, double cpu, double wall, int heap, List<Double> ratios) {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode o = mapper.createObjectNode()
                .put("what", figure.what())
                .put("cpuMicros", cpu)
                .put("wallMicros", wall)
                .put("heapMegabytes", heap)
                .put("comparedWith", figure.reference())
                .put("ratio", BenchCommand.median(ratios));
        o.set("ratios", mapper.valueToTree(ratios));
        return o;
    }
}
