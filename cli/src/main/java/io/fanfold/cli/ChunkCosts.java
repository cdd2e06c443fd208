package io.fanfold.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fanfold.cli.show.Table;
import io.fanfold.protocol.wire.Fold;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * What a chunk costs an aggregator, in jobs of three sizes and with three numbers of jobs at once. Every measurement takes the same
 * number of chunks of the same length. One thread.
 */
final class ChunkCosts {
    private static final int SMALL_JOB = 100;

    private final int chunks;
    private final Map<Figure, List<Cost>> costs = new LinkedHashMap<>();

    /** One thing to measure, and the one to compare it with. */
    private record Figure(String what, String reference, OutcomeLoad.Load load) {}

    /**
     * What one measurement came to, for each chunk.
     *
     * @param cpu microseconds of processor time of the aggregator
     * @param wall microseconds from the first outcome to the end of the last job, whoever was busy
     * @param megabytes of the heap that were in use when half of it was written
     */
    private record Cost(double cpu, double wall, int megabytes) {}

    /** @param chunks of each measurement, a multiple of 10,000 */
    ChunkCosts(int chunks) {
        this.chunks = chunks;
        for (Fold fold : List.of(Fold.CONCAT, new Fold("sum"))) {
            for (int jobs : new int[] {100, 10, 1}) {
                add(
                        fold + ", jobs of " + chunks / jobs,
                        fold + ", jobs of " + chunks / 100,
                        new OutcomeLoad.Load(jobs, chunks / jobs, 1, fold));
            }
        }
        int jobs = chunks / SMALL_JOB;
        for (int share : new int[] {100, 10, 1}) {
            add(
                    jobs / share + " jobs at once",
                    jobs / 100 + " jobs at once",
                    new OutcomeLoad.Load(jobs, SMALL_JOB, jobs / share, Fold.CONCAT));
        }
    }

    private void add(String what, String reference, OutcomeLoad.Load load) {
        costs.put(new Figure(what, reference, load), new ArrayList<>());
    }

    /** Measures all in some order; round 0 is for the JVMs to get warm and does not count. */
    void measure(int round, OutcomeLoad load, AggregatorProcess aggregator) throws IOException, InterruptedException {
        List<Map.Entry<Figure, List<Cost>>> order = new ArrayList<>(costs.entrySet());
        Collections.shuffle(order, new Random(round)); // nothing always follows the same
        for (Map.Entry<Figure, List<Cost>> one : order) {
            Cost cost = cost(one.getKey().load(), load, aggregator);
            if (round > 0) {
                one.getValue().add(cost);
            }
        }
    }

    private Cost cost(OutcomeLoad.Load what, OutcomeLoad load, AggregatorProcess aggregator)
            throws IOException, InterruptedException {
        long before = aggregator.cpu().toNanos();
        long begin = System.nanoTime();
        load.write(what, aggregator::requireAlive, aggregator::collect);
        long wall = System.nanoTime() - begin;
        long cpu = aggregator.cpu().toNanos() - before;
        return new Cost(cpu / 1e3 / chunks, wall / 1e3 / chunks, aggregator.megabytesInUse());
    }

    /**
     * What the rounds came to: medians.
     *
     * @param ratios of processor time, each with that of the reference in the same round
     */
    private record Row(Figure figure, double cpu, double wall, int megabytes, List<Double> ratios) {}

    private List<Row> rows() {
        Map<String, List<Double>> cpu = new LinkedHashMap<>();
        costs.forEach((figure, all) ->
                cpu.put(figure.what(), all.stream().map(Cost::cpu).toList()));
        List<Row> rows = new ArrayList<>();
        costs.forEach((figure, all) -> {
            List<Double> own = cpu.getOrDefault(figure.what(), List.of());
            rows.add(new Row(
                    figure,
                    BenchCommand.median(own),
                    BenchCommand.median(all.stream().map(Cost::wall).toList()),
                    all.stream().mapToInt(Cost::megabytes).max().orElse(0),
                    BenchCommand.ratios(own, cpu.getOrDefault(figure.reference(), List.of()))));
        });
        return rows;
    }

    /** For people. */
    void printTable(PrintWriter out) {
        Table table = new Table("what", "cpu us", "wall us", "heap MB", "compared with", "ratio", "from", "to");
        rows().forEach(row -> table.row(
                row.figure().what(),
                text(row.cpu()),
                text(row.wall()),
                Integer.toString(row.megabytes()),
                row.figure().reference(),
                text(BenchCommand.median(row.ratios())),
                text(Collections.min(row.ratios())),
                text(Collections.max(row.ratios()))));
        table.print(out);
    }

    private static String text(double figure) {
        return String.format(Locale.ROOT, "%.2f", figure);
    }

    /** For programs: one object a line. */
    void printJson(PrintWriter out) {
        ObjectMapper mapper = new ObjectMapper();
        rows().forEach(row -> {
            ObjectNode o = mapper.createObjectNode()
                    .put("what", row.figure().what())
                    .put("cpuMicros", row.cpu())
                    .put("wallMicros", row.wall())
                    .put("heapMegabytes", row.megabytes())
                    .put("comparedWith", row.figure().reference())
                    .put("ratio", BenchCommand.median(row.ratios()));
            o.set("ratios", mapper.valueToTree(row.ratios()));
            out.println(o);
        });
    }
}
