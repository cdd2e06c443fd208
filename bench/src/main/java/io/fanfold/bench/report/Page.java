package io.fanfold.bench.report;

import io.fanfold.bench.measure.Figure;
import io.fanfold.bench.measure.Stats;
import io.fanfold.bench.measure.Target;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/** The figures as a page of HTML: for each a strip with the ratio of every round, their median and the target. */
final class Page {
    private static final String STYLE = """
        body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 64rem; padding: 0 1rem; color: #1c2430; background: #fff }
        h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin: 2rem 0 .2rem } p { margin: .2rem 0 1rem; color: #5a6675 }
        table { border-collapse: collapse; width: 100% } td, th { padding: .35rem .6rem; text-align: right; border-bottom: 1px solid #e3e8ee }
        td:first-child, th:first-child { text-align: left } th { font-weight: 600; color: #5a6675 }
        .hit { color: #0a7d4b } .miss { color: #b3261e; font-weight: 600 } .none { color: #5a6675 }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem } dt { color: #5a6675 } dd { margin: 0 }
        svg { display: block } .dot { fill: #2563a8; fill-opacity: .45 } .median { stroke: #1c2430; stroke-width: 2 }
        .target { stroke: #b3261e; stroke-width: 1.5; stroke-dasharray: 4 3 } .axis { stroke: #c3ccd6 }
        @media (prefers-color-scheme: dark) { body { background: #14181d; color: #e4e9ef } td, th { border-color: #2b333d }
          .median { stroke: #e4e9ef } .dot { fill: #6aa9e9 } .hit { color: #4cc38a } .miss { color: #ff8a80 } }
        """;

    private static final int WIDTH = 280;
    private static final int HEIGHT = 30;
    private static final int MARGIN = 8;

    private final Report report;

    Page(Report report) {
        this.report = report;
    }

    String text() {
        StringBuilder page = new StringBuilder("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">"
                + "<meta name=\"viewport\" content=\"width=device-width\"><title>Fanfold bench</title><style>"
                + STYLE
                + "</style><h1>Fanfold beside others</h1><p>Contestants took turns on one machine. Each dot is the"
                + " ratio of one round (of what is compared with nothing: what it came to), the upright line their"
                + " median, the dashed red one the target.</p>");
        report.figures().forEach((suite, figures) -> {
            page.append("<h2>").append(suite).append("</h2><p>").append(escaped(suite.about()));
            page.append("</p><table><tr><th>figure</th><th></th><th>ratio</th><th>target</th><th>ours</th>"
                    + "<th>theirs</th><th>unit</th></tr>");
            figures.forEach(figure -> row(page, figure));
            page.append("</table>");
        });
        page.append("<h2>machine</h2><dl>");
        report.machine()
                .forEach((name, value) -> page.append("<dt>")
                        .append(escaped(name))
                        .append("</dt><dd>")
                        .append(escaped(value.toString()))
                        .append("</dd>"));
        return page.append("</dl></html>\n").toString();
    }

    private static void row(StringBuilder page, Figure f) {
        String reached = f.reached().map(r -> r ? "hit" : "miss").orElse("none");
        page.append("<tr><td>").append(escaped(f.name()));
        if (!f.note().isEmpty()) {
            page.append("<br><small>").append(escaped(f.note())).append("</small>");
        }
        page.append("</td><td>").append(f.measured() ? strip(f) : "");
        page.append("</td><td class=\"").append(reached).append("\">");
        page.append(Report.ratio(f));
        page.append("</td><td>").append(f.target().map(Target::toString).orElse("reported"));
        page.append("</td><td>").append(f.ours().isEmpty() ? "" : Stats.text(Stats.median(f.ours())));
        page.append("</td><td>").append(f.theirs().isEmpty() ? "" : Stats.text(Stats.median(f.theirs())));
        page.append("</td><td>").append(escaped(f.unit())).append("</td></tr>");
    }

    private static String strip(Figure f) {
        boolean alone = f.ratios().isEmpty();
        List<Double> dots = alone ? f.ours() : f.ratios();
        DoubleStream marks = alone
                ? DoubleStream.of(0)
                : DoubleStream.of(1, f.target().map(Target::value).orElse(1.0));
        DoubleSummaryStatistics range =
                DoubleStream.concat(dots.stream().mapToDouble(d -> d), marks).summaryStatistics();
        double low = Math.max(0, range.getMin() - 0.1 * (range.getMax() - range.getMin()));
        double high = range.getMax() + 0.1 * Math.max(0.1, range.getMax() - range.getMin());
        Scale scale = new Scale(low, high);
        StringBuilder svg = new StringBuilder("<svg width=\"" + WIDTH + "\" height=\"" + HEIGHT + "\" role=\"img\">");
        svg.append("<title>").append(escaped(f.name())).append("</title>");
        svg.append(line("axis", MARGIN, HEIGHT / 2.0, WIDTH - MARGIN, HEIGHT / 2.0));
        f.target().ifPresent(t -> svg.append(upright("target", scale.x(t.value()), 2)));
        for (double dot : dots) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"><title>%s</title></circle>",
                    scale.x(dot),
                    HEIGHT / 2.0,
                    Stats.text(dot)));
        }
        return svg.append(upright("median", scale.x(Stats.median(dots)), 7))
                .append("</svg>")
                .toString();
    }

    /** Places on a strip. */
    private record Scale(double low, double high) {
        double x(double value) {
            return MARGIN + (WIDTH - 2 * MARGIN) * (value - low) / (high - low);
        }
    }

    private static String upright(String kind, double x, double margin) {
        return line(kind, x, margin, x, HEIGHT - margin);
    }

    private static String line(String kind, double x1, double y1, double x2, double y2) {
        return String.format(
                Locale.ROOT,
                "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
                kind,
                x1,
                y1,
                x2,
                y2);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
