package io.fanfold.deploy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The dashboard is one that Grafana shows as it is meant. */
final class DashboardTest {
    private static final int COLUMNS = 24;

    private final List<JsonNode> panels = MetricsFiles.panels();

    @Test
    void idsAreUnique() {
        assertThat(panels.stream().map(p -> p.get("id").asInt())).doesNotHaveDuplicates();
        assertThat(panels.stream()
                        .map(p -> p.get("title").asText() + p.get("type").asText()))
                .doesNotHaveDuplicates()
                .hasSizeGreaterThan(25);
    }

    @Test
    void everyPanelAsksTheProvisionedSourceSomething() {
        JsonNode source = MetricsFiles.yaml(MetricsFiles.PROVISIONING.resolve("datasources/prometheus.yml"))
                .get("datasources")
                .get(0);
        assertThat(panels.stream().filter(p -> !p.get("type").asText().equals("row")))
                .allSatisfy(panel -> {
                    assertThat(panel.get("datasource").get("uid")).isEqualTo(source.get("uid"));
                    assertThat(panel.get("datasource").get("type")).isEqualTo(source.get("type"));
                    assertThat(panel.get("description").asText()).isNotBlank();
                    assertThat(MetricsFiles.items(panel.get("targets"))
                                    .map(t -> t.path("expr").asText()))
                            .isNotEmpty()
                            .noneMatch(String::isBlank);
                    assertThat(MetricsFiles.items(panel.get("targets"))
                                    .map(t -> t.get("refId").asText()))
                            .doesNotHaveDuplicates();
                });
    }

    @Test
    void panelsLieBesideOneAnother() {
        Map<String, String> taken = new HashMap<>();
        for (JsonNode panel : panels) {
            JsonNode at = panel.get("gridPos");
            int left = at.get("x").asInt();
            int top = at.get("y").asInt();
            assertThat(left + at.get("w").asInt()).isLessThanOrEqualTo(COLUMNS);
            for (int x = left; x < left + at.get("w").asInt(); x++) {
                for (int y = top; y < top + at.get("h").asInt(); y++) {
                    String title = panel.get("title").asText();
                    assertThat(taken.put(x + "," + y, title))
                            .as("what %s lies on", title)
                            .isNull();
                }
            }
        }
    }

    @Test
    void theProviderTakesDashboardsFromWhereTheyAreMounted() {
        JsonNode provider = MetricsFiles.yaml(MetricsFiles.PROVISIONING.resolve("dashboards/fanfold.yml"))
                .get("providers")
                .get(0);
        assertThat(provider.at("/options/path").asText()).isEqualTo("/etc/grafana/dashboards");
        assertThat(MetricsFiles.text(MetricsFiles.DIRECTORY.resolve("../../docker-compose.yml")))
                .contains("./deploy/metrics/grafana/dashboards:/etc/grafana/dashboards:ro")
                .contains("./deploy/metrics/grafana/provisioning:/etc/grafana/provisioning:ro")
                .contains("./deploy/metrics/prometheus.yml:/etc/prometheus/prometheus.yml:ro")
                .contains("./deploy/metrics/alerts.yml:/etc/prometheus/alerts.yml:ro");
    }
}
