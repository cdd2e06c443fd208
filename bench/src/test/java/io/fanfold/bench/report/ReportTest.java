package io.fanfold.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fanfold.bench.measure.Figure;
import io.fanfold.bench.measure.Target;
import io.fanfold.bench.suite.Suite;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Figures for people and for programs. */
final class ReportTest {
    private static final Figure MISSED = Figure.share(
            "path / pipe", Target.atLeast(0.9), List.of(200.0, 210.0, 160.0), List.of(400.0, 300.0, 400.0), "MB/s");
    private static final Figure ALONE = Figure.alone("header <f8", List.of(1200.0, 1300.0), "ops/ms");
    private static final Figure MISSING =
            Figure.missing("Pool.map", Target.atLeast(1.6), "s", "there is no Python \"python9\"");

    private final Report report =
            new Report(Map.of("cores", 2, "cpu", "a & b"), Map.of(Suite.FLOOR, List.of(MISSED, ALONE, MISSING)));

    @TempDir
    private Path directory;

    @Test
    void theTableSaysWhatWasMissedAndWhatWasNotMeasured() {
        StringWriter text = new StringWriter();
        report.print(new PrintWriter(text));

        List<String> lines = text.toString().lines().toList();
        assertThat(line(lines, "path / pipe"))
                .contains("0.500", "0.400", "0.700", "≥ 0.900", "missed", "200", "400", "MB/s");
        assertThat(line(lines, "header")).contains("1250", "ops/ms").doesNotContain("not measured", "missed");
        assertThat(line(lines, "Pool.map")).contains("not measured", "≥ 1.60").doesNotContain("missed");
        assertThat(lines.getLast()).isEqualTo("Pool.map: there is no Python \"python9\"");
    }

    private static String line(List<String> lines, String with) {
        return lines.stream().filter(line -> line.contains(with)).findFirst().orElseThrow();
    }

    @Test
    void programsReadMediansAndNullWhereThereIsNothing() throws Exception {
        Path file = directory.resolve("bench.json");
        report.json(file);

        JsonNode all = new ObjectMapper().readTree(Files.readString(file));
        assertThat(all.get("suite").asText()).isEqualTo("floor");
        assertThat(all.get("machine").get("cores").asInt()).isEqualTo(2);
        JsonNode missed = all.get("figures").get(0);
        assertThat(missed.get("name").asText()).isEqualTo("path / pipe");
        assertThat(missed.get("ratio").asDouble()).isEqualTo(0.5);
        assertThat(missed.get("target").asDouble()).isEqualTo(0.9);
        assertThat(missed.get("ours").asDouble()).isEqualTo(200);
        assertThat(missed.get("theirs").asDouble()).isEqualTo(400);
        assertThat(missed.get("unit").asText()).isEqualTo("MB/s");
        JsonNode alone = all.get("figures").get(1);
        assertThat(alone.get("ours").asDouble()).isEqualTo(1250);
        assertThat(List.of(alone.get("ratio"), alone.get("target"), alone.get("theirs")))
                .allMatch(JsonNode::isNull);
        JsonNode missing = all.get("figures").get(2);
        assertThat(missing.get("ratio").isNull()).isTrue();
        assertThat(missing.get("note").asText()).startsWith("there is no Python");
    }

    @Test
    void thePagePlotsWhatWasMeasuredAndEscapesWhatItIsTold() throws Exception {
        Path file = directory.resolve("bench.html");
        report.html(file);

        String page = Files.readString(file);
        assertThat(page.split("<svg", -1)).hasSize(3);
        assertThat(page.split("<circle", -1)).hasSize(1 + 3 + 2);
        assertThat(page)
                .contains("header &lt;f8", "a &amp; b", "not measured")
                .doesNotContain("NaN", "Infinity", "<f8");
    }
}
