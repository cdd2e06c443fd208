package io.fanfold.bench.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fanfold.bench.measure.Figure;
import io.fanfold.bench.measure.Stats;
import io.fanfold.bench.measure.Target;
import io.fanfold.bench.suite.Suite;
import io.fanfold.cli.show.Table;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The figures of suites: a table, an object for programs, a page with plots.
 *
 * @param machine what they were measured on
 */
public record Report(Map<String, Object> machine, Map<Suite, List<Figure>> figures) {
    /** A table for people. */
    public void print(PrintWriter out) {
        Table table = new Table("suite", "figure", "ratio", "from", "to", "target", "ours", "theirs", "unit");
        figures.forEach((suite, all) -> all.forEach(f -> table.row(
                suite.toString(),
                f.name(),
                ratio(f),
                f.ratios().isEmpty() ? "" : Stats.text(Collections.min(f.ratios())),
                f.ratios().isEmpty() ? "" : Stats.text(Collections.max(f.ratios())),
                f.target().map(Target::toString).orElse("")
                        + f.reached().map(r -> r ? "" : "  missed").orElse(""),
                f.ours().isEmpty() ? "" : Stats.text(Stats.median(f.ours())),
                f.theirs().isEmpty() ? "" : Stats.text(Stats.median(f.theirs())),
                f.unit())));
        table.print(out);
        figures.values().stream()
                .flatMap(List::stream)
                .filter(f -> !f.note().isEmpty())
                .forEach(f -> out.println(f.name() + ": " + f.note()));
        out.flush();
    }

    /** The ratio that counts, in words where there is none. */
    static String ratio(Figure figure) {
        return figure.ratio().map(Stats::text).orElse(figure.measured() ? "" : "not measured");
    }

    /** {@code {"suite":…, "machine":{…}, "figures":[…]}}, whatever the number of suites. */
    public void json(Path file) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode all = mapper.createObjectNode()
                .put("suite", figures.keySet().stream().map(Suite::toString).collect(Collectors.joining(" ")));
        all.set("machine", mapper.valueToTree(machine));
        ArrayNode list = all.putArray("figures");
        figures.forEach((suite, some) -> some.forEach(f -> {
            ObjectNode one = list.addObject().put("suite", suite.toString()).put("name", f.name());
            f.ratio().ifPresentOrElse(r -> one.put("ratio", r), () -> one.putNull("ratio"));
            f.target().ifPresentOrElse(t -> one.put("target", t.value()), () -> one.putNull("target"));
            f.target().ifPresent(t -> one.put("better", t.atLeast() ? "higher" : "lower"));
            median(one, "ours", f.ours());
            median(one, "theirs", f.theirs());
            one.put("unit", f.unit());
            one.set("ratios", mapper.valueToTree(f.ratios()));
            one.set("oursAll", mapper.valueToTree(f.ours()));
            one.set("theirsAll", mapper.valueToTree(f.theirs()));
            if (!f.note().isEmpty()) {
                one.put("note", f.note());
            }
        }));
        Files.writeString(file, mapper.writerWithDefaultPrettyPrinter().writeValueAsString(all) + "\n");
    }

    private static void median(ObjectNode one, String name, List<Double> values) {
        if (values.isEmpty()) {
            one.putNull(name);
        } else {
            one.put(name, Stats.median(values));
        }
    }

    /** A page with plots, complete in itself. */
    public void html(Path file) throws IOException {
        Files.writeString(file, new Page(this).text());
    }
}
