package io.fanfold.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Pods that Strimzi's operator makes are let into the namespace that the guide makes, and do not share what can break. */
final class StrimziPodsTest {
    private static final JsonNode NOTHING = new ObjectMapper().createObjectNode();

    private final List<Manifest> resources =
            Manifest.parse(Files.readString(Rendering.ROOT.resolve("components/strimzi/kafka.yaml")));

    StrimziPodsTest() throws IOException {}

    private List<Manifest> pools() {
        return resources.stream().filter(m -> m.kind().equals("KafkaNodePool")).toList();
    }

    private Manifest kafka() {
        return resources.stream()
                .filter(m -> m.kind().equals("Kafka"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyBrokerAndControllerIsLetIn() {
        assertThat(pools()).hasSize(2).allSatisfy(pool -> {
            JsonNode template = pool.at("/spec/template");
            assertThat(Restricted.problems(
                            template.at("/pod/securityContext"), template.at("/kafkaContainer/securityContext")))
                    .isEmpty();
        });
    }

    @Test
    void theOperatorsOfTopicsAndUsersAreLetIn() {
        JsonNode operator = kafka().at("/spec/entityOperator");
        for (String container : List.of("topicOperator", "userOperator")) {
            assertThat(operator.has(container)).isTrue();
            assertThat(Restricted.problems(
                            operator.at("/template/pod/securityContext"),
                            operator.at("/template/" + container + "Container/securityContext")))
                    .as(container)
                    .isEmpty();
        }
    }

    /** What has pods or containers of its own, which nothing here says anything of. */
    @Test
    void thereAreNoOtherPodsAndContainers() {
        assertThat(kafka().tree().path("spec").propertyStream().map(Map.Entry::getKey))
                .containsExactlyInAnyOrder("kafka", "entityOperator");
        assertThat(kafka().at("/spec/kafka").has("rack"))
                .as("a container before the others")
                .isFalse();
        assertThat(kafka().at("/spec/kafka").has("template"))
                .as("passed over where pools have their own")
                .isFalse();
    }

    /** Given one of a pod, the operator leaves out its own, and with it the group that may write to volumes. */
    @Test
    void theOperatorSaysWhichGroupMayWriteToVolumes() {
        assertThat(pools())
                .allSatisfy(pool -> assertThat(pool.at("/spec/template/pod").has("securityContext"))
                        .isFalse());
    }

    @Test
    void podsOfAPoolAreOnNodesOfTheirOwn() {
        assertThat(pools()).allSatisfy(pool -> {
            JsonNode constraints = pool.at("/spec/template/pod/topologySpreadConstraints");
            assertThat(constraint(constraints, "kubernetes.io/hostname")
                            .path("whenUnsatisfiable")
                            .asText())
                    .isEqualTo("DoNotSchedule");
            assertThat(constraint(constraints, "topology.kubernetes.io/zone")
                            .path("whenUnsatisfiable")
                            .asText())
                    .isEqualTo("ScheduleAnyway");
            assertThat(Manifest.items(constraints)).allSatisfy(constraint -> {
                assertThat(constraint.path("maxSkew").asInt()).isOne();
                assertThat(Manifest.texts(constraint.at("/labelSelector/matchLabels")))
                        .containsOnly(
                                Map.entry("strimzi.io/cluster", kafka().name()),
                                Map.entry("strimzi.io/pool-name", pool.name()));
            });
        });
    }

    private static JsonNode constraint(JsonNode constraints, String key) {
        return Manifest.items(constraints)
                .filter(c -> c.path("topologyKey").asText().equals(key))
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing about " + key));
    }

    @Test
    void whatIsNotLetInIsSeen() throws IOException {
        ObjectMapper json = new ObjectMapper();
        String good = "{\"allowPrivilegeEscalation\":false,\"runAsNonRoot\":true,\"capabilities\":{\"drop\":[\"ALL\"]},"
                + "\"seccompProfile\":{\"type\":\"RuntimeDefault\"}}";
        assertThat(Restricted.problems(NOTHING, json.readTree(good))).isEmpty();
        assertThat(Restricted.problems(json.readTree("{\"runAsUser\":0}"), json.readTree(good)))
                .containsExactly("runAsUser");
        assertThat(Restricted.problems(NOTHING, json.readTree(good.replace("\"ALL\"", "\"KILL\""))))
                .containsExactly("capabilities are not dropped");
        assertThat(Restricted.problems(NOTHING, NOTHING))
                .containsExactly(
                        "allowPrivilegeEscalation", "capabilities are not dropped", "runAsNonRoot", "seccompProfile");
    }
}
