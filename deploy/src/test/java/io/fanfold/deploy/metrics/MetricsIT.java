package io.fanfold.deploy.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.RandomArrays;
import io.fanfold.testkit.TestBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** Alerts and panels ask for what the roles of a fleet say, by the labels that they say it with. */
final class MetricsIT {
    private static final Duration LONG = Duration.ofSeconds(90);
    /** What Prometheus itself knows. */
    private static final Set<String> OF_PROMETHEUS = Set.of("up", "ALERTS");

    private static final Set<String> OF_EVERY_TARGET = Set.of("job", "instance", "namespace");
    private static final Deque<RoleProcess> ROLES = new ArrayDeque<>();

    @TempDir
    static Path directory;

    private static RoleProcess producer;
    private static RoleProcess worker;
    private static RoleProcess aggregator;

    @BeforeAll
    static void aFleetThatHasDoneSomethingAndFailedAtSomething() throws Exception {
        KafkaSettings kafka = TestBroker.of(BrokerKind.IN_JVM).freshFleet();
        producer =
                role(kafka, "producer", "--spool", directory.resolve("uploads").toString());
        aggregator =
                role(kafka, "aggregator", "--store", directory.resolve("store").toString());
        worker = role(kafka, "worker");
        await().atMost(LONG).until(() -> producer.get("/v1/functions").contains("\"sleep@1\""));
        end("function=sleep&param.ms=20&chunks=24", array("<f8"), "COMPLETED");
        end("function=scale&param.factor=1000&chunks=4", array("|i1"), "FAILED");
    }

    private static RoleProcess role(KafkaSettings kafka, String role, String... options) throws IOException {
        RoleProcess started = RoleProcess.start(kafka, role, options);
        ROLES.push(started);
        return started;
    }

    private static byte[] array(String dtype) {
        return Npy.encode(new RandomArrays(19).of(DType.parse(dtype), Shape.of(240, 5), Order.C));
    }

    private static void end(String query, byte[] array, String state) {
        String job = MetricsFiles.json(producer.post("/v1/jobs?" + query, array))
                .get("job")
                .asText();
        await().atMost(LONG).until(() -> producer.get("/v1/jobs/" + job).contains("\"state\":\"" + state + "\""));
    }

    @AfterAll
    static void close() {
        ROLES.forEach(RoleProcess::close);
    }

    @Test
    void whatAlertsAndPanelsNameIsThereWithItsLabels() {
        Scrape scrape = new Scrape();
        List.of(producer, worker, aggregator).forEach(role -> scrape.add(role.get("/prometheus")));
        List<String> missing = new ArrayList<>();
        for (Expression e : MetricsFiles.expressions()) {
            e.selected().forEach((metric, labels) -> {
                if (!OF_PROMETHEUS.contains(metric)) {
                    missing(scrape, metric, labels).forEach(what -> missing.add(e.where() + ": " + what));
                }
            });
            Set<String> known = Stream.concat(
                            e.selected().keySet().stream().flatMap(metric -> scrape.labels(metric).stream()),
                            OF_EVERY_TARGET.stream())
                    .collect(Collectors.toSet());
            e.grouped().stream()
                    .filter(label -> !known.contains(label))
                    .forEach(label -> missing.add(e.where() + ": no metric of it has a label " + label));
        }
        assertThat(missing).isEmpty();
    }

    /** What one role says must not hide that another does not. */
    @Test
    void whatAlertsAskOfARoleThatRoleSays() {
        Map<String, RoleProcess> roles =
                Map.of("fanfold-producer", producer, "fanfold-worker", worker, "fanfold-aggregator", aggregator);
        List<String> missing = new ArrayList<>();
        roles.forEach((job, role) -> {
            Scrape scrape = new Scrape();
            scrape.add(role.get("/prometheus"));
            for (Expression e : MetricsFiles.expressionsOfAlerts()) {
                e.askedOf(job).stream()
                        .filter(metric -> !OF_PROMETHEUS.contains(metric) && !scrape.has(metric))
                        .forEach(metric -> missing.add(e.where() + ": " + job + " has no " + metric));
            }
        });
        assertThat(missing).isEmpty();
    }

    private static Stream<String> missing(Scrape scrape, String metric, Set<String> labels) {
        if (!scrape.has(metric)) {
            return Stream.of("there is no " + metric);
        }
        return labels.stream()
                .filter(label -> !OF_EVERY_TARGET.contains(label)
                        && !scrape.labels(metric).contains(label))
                .map(label -> metric + " has no label " + label);
    }

    @Test
    @EnabledIfEnvironmentVariable(named = Programs.GATE, matches = "1", disabledReason = Programs.NEEDED)
    void aPrometheusWithTheProductsConfigurationScrapesAllRolesAndAnswersEveryQuestion() throws Exception {
        Map<String, String> targets = Map.of(
                "fanfold-producer", producer.target(),
                "fanfold-worker", worker.target(),
                "fanfold-aggregator", aggregator.target());
        try (LivePrometheus prometheus = LivePrometheus.start(directory, targets)) {
            await().atMost(LONG)
                    .until(() -> prometheus
                            .query("sum(up)")
                            .at("/data/result/0/value/1")
                            .asText()
                            .equals("3"));
            await().atMost(LONG)
                    .until(() -> !prometheus
                            .query("fanfold_pool_remaining_seconds{pool=\"default\"}")
                            .at("/data/result")
                            .isEmpty());
            await().atMost(LONG)
                    .until(() -> MetricsFiles.items(prometheus.ask("rules").at("/data/groups"))
                            .flatMap(group -> MetricsFiles.items(group.get("rules")))
                            .allMatch(rule -> rule.get("health").asText().equals("ok")));
            assertThat(prometheus.ask("rules").at("/data/groups")).hasSizeGreaterThan(3);
            for (Expression e : MetricsFiles.expressions()) {
                JsonNode answer = prometheus.query(
                        e.promql().replace("$__rate_interval", "1m").replace("$pool", ".*"));
                assertThat(answer.path("status").asText())
                        .as("%s: %s", e.where(), answer)
                        .isEqualTo("success");
            }
            // Before its first scrape a role is not there: that is pending until the rules are looked at again.
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(prometheus
                                    .query("ALERTS{severity=\"critical\"}")
                                    .at("/data/result"))
                            .as("alerts of a fleet that is well")
                            .isEmpty());
        }
    }
}
