package io.fanfold.deploy.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.Yaml;

/** The files of {@code deploy/metrics} and what is written about them. */
final class MetricsFiles {
    static final Path DIRECTORY = Path.of("metrics").toAbsolutePath();
    static final Path PROMETHEUS = DIRECTORY.resolve("prometheus.yml");
    static final Path ALERTS = DIRECTORY.resolve("alerts.yml");
    static final Path ALERTS_TEST = DIRECTORY.resolve("alerts-test.yml");
    static final Path DASHBOARD = DIRECTORY.resolve("grafana/dashboards/fanfold.json");
    static final Path PROVISIONING = DIRECTORY.resolve("grafana/provisioning");
    static final Path GUIDE = Path.of("../docs/guide/operations.md");
    static final Path REFERENCE = Path.of("../docs/reference/configuration.md");

    private static final ObjectMapper JSON = new ObjectMapper();

    private MetricsFiles() {}

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode yaml(Path file) {
        return JSON.valueToTree(new Yaml().<Object>load(text(file)));
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<JsonNode> items(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    /** The rules of alerts.yml. */
    static List<JsonNode> alerts() {
        return items(yaml(ALERTS).get("groups"))
                .flatMap(group -> items(group.get("rules")))
                .toList();
    }

    /** The panels of the dashboard, rows as well. */
    static List<JsonNode> panels() {
        return items(json(text(DASHBOARD)).get("panels")).toList();
    }

    /** The expression of every alert, with a word on where it is. */
    static List<Expression> expressionsOfAlerts() {
        return alerts().stream()
                .map(rule -> new Expression(
                        "alert " + rule.get("alert").asText(), rule.get("expr").asText()))
                .toList();
    }

    /** Every expression of an alert or a panel, with a word on where it is. */
    static List<Expression> expressions() {
        Stream<Expression> ofPanels = panels().stream()
                .flatMap(panel -> items(panel.path("targets"))
                        .map(target -> new Expression(
                                "panel " + panel.get("title").asText(),
                                target.get("expr").asText())));
        return Stream.concat(expressionsOfAlerts().stream(), ofPanels).toList();
    }
}
