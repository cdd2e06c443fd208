package io.fanfold.deploy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who is told of something is told what it means; and each alert is known to fire, and to be silent. */
final class AlertsTest {
    private static final String RUNBOOK = "docs/guide/operations.md#";
    private static final String FLEET = "namespace";
    /** By {@code group_left}, of which there is a join beside it. */
    private static final Set<String> TAKEN_OVER = Set.of("pool");

    static List<String> alerts() {
        return MetricsFiles.alerts().stream()
                .map(rule -> rule.get("alert").asText())
                .toList();
    }

    private static JsonNode rule(String alert) {
        return MetricsFiles.alerts().stream()
                .filter(rule -> rule.get("alert").asText().equals(alert))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void eachNameIsThereOnce() {
        assertThat(alerts())
                .doesNotHaveDuplicates()
                .hasSizeGreaterThan(20)
                .allMatch(name -> name.startsWith("Fanfold"));
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void anAlertSaysWhatItIsHowBadAndWhatToDo(String alert) {
        JsonNode rule = rule(alert);
        JsonNode annotations = rule.get("annotations");
        assertThat(rule.at("/labels/severity").asText()).isIn("critical", "warning");
        assertThat(annotations.path("summary").asText()).isNotBlank();
        assertThat(annotations.path("description").asText()).isNotBlank();
        assertThat(annotations.path("runbook").asText()).startsWith(RUNBOOK);
        String anchor = annotations.get("runbook").asText().substring(RUNBOOK.length());
        assertThat(anchors()).contains(anchor);
        assertThat(anchor).isEqualToIgnoringCase(alert);
    }

    /** A heading without spaces is its own anchor, in lower case. */
    private static Set<String> anchors() {
        return MetricsFiles.text(MetricsFiles.GUIDE)
                .lines()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void anAlertIsTriedWhereItFiresAndWhereItDoesNot(String alert) {
        assertThat(cases(alert).filter(c -> !c.path("exp_alerts").isEmpty())).isNotEmpty();
        assertThat(cases(alert).filter(c -> c.path("exp_alerts").isEmpty())).isNotEmpty();
    }

    /** One Prometheus may look at several fleets. */
    @ParameterizedTest
    @MethodSource("alerts")
    void anAlertKeepsFleetsApart(String alert) {
        Expression expression = new Expression(alert, rule(alert).get("expr").asText());
        assertThat(expression.groupings()).allMatch(labels -> labels.contains(FLEET) || labels.equals(TAKEN_OVER));
        assertThat(expression.promql()).doesNotContainPattern("\\b(sum|max|min|count|group)\\s*\\((?!\\))");
    }

    private static Stream<JsonNode> cases(String alert) {
        return MetricsFiles.items(MetricsFiles.yaml(MetricsFiles.ALERTS_TEST).get("tests"))
                .flatMap(test -> MetricsFiles.items(test.path("alert_rule_test")))
                .filter(test -> test.get("alertname").asText().equals(alert));
    }

    @Test
    void theReferenceKnowsAllMetricsThatAlertsAndPanelsName() {
        String reference = MetricsFiles.text(MetricsFiles.REFERENCE);
        Set<String> unknown = MetricsFiles.expressions().stream()
                .flatMap(e -> e.selected().keySet().stream())
                .filter(name -> name.startsWith("fanfold_"))
                .map(name -> name.replaceFirst("^(.*_seconds)_(sum|count|max)$", "$1"))
                .filter(name ->
                        !reference.contains("`" + name + "`") && !reference.contains("`" + shortened(name) + "`"))
                .collect(Collectors.toSet());
        assertThat(unknown).isEmpty();
    }

    /** Of several metrics in one row all but the first may be named by their end. */
    private static String shortened(String name) {
        return name.replaceFirst("^fanfold_children", "");
    }

    @Test
    void prometheusLooksForTheJobsThatTheRulesName() {
        Set<String> jobs = MetricsFiles.items(
                        MetricsFiles.yaml(MetricsFiles.PROMETHEUS).get("scrape_configs"))
                .map(job -> job.get("job_name").asText())
                .collect(Collectors.toSet());
        assertThat(jobs).containsExactlyInAnyOrder("fanfold-producer", "fanfold-worker", "fanfold-aggregator");
        assertThat(MetricsFiles.yaml(MetricsFiles.PROMETHEUS)
                        .get("rule_files")
                        .get(0)
                        .asText())
                .isEqualTo(MetricsFiles.ALERTS.getFileName().toString());
    }
}
