package io.fanfold.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.fanfold.protocol.rights.Grants;
import io.fanfold.protocol.rights.Role;
import io.fanfold.protocol.wire.Topics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is put together: every role, and KEDA, reaches Kafka in the way that this Kafka wants, and what they ask for is there. */
@EnabledIfEnvironmentVariable(named = Kustomize.GATE, matches = "1", disabledReason = "needs kubectl")
final class FleetOnKafkaTest {
    private static final String CLIENT_PROPERTIES = "FANFOLD_KAFKA_CONFIG";

    private static final List<Rendering> FLEETS = combined();

    static List<Rendering> fleets() {
        return FLEETS;
    }

    /** With and without a second pool, or a pod for commands; each way to Kafka; each way to scale. */
    private static List<Rendering> combined() {
        List<Rendering> fleets = new ArrayList<>();
        for (List<String> more : List.of(List.<String>of(), List.of("python"), List.of("client"))) {
            for (String kafka : List.of("", "kafka-client", "strimzi")) {
                for (String scaling : List.of("", "keda", "hpa")) {
                    List<String> components = new ArrayList<>(more);
                    Stream.of(kafka, scaling).filter(c -> !c.isEmpty()).forEach(components::add);
                    with(components, "python", "strimzi", "strimzi-python");
                    with(components, "keda", "strimzi", "strimzi-keda");
                    with(components, "keda", "kafka-client", "keda-sasl");
                    fleets.add(Rendering.together(components.toArray(String[]::new)));
                }
            }
        }
        return fleets;
    }

    /** As the guide has it: where the two are, the third. */
    private static void with(List<String> components, String one, String other, String third) {
        if (components.contains(one) && components.contains(other)) {
            components.add(third);
        }
    }

    static Stream<Rendering> fleetsOfStrimzi() {
        return Stream.concat(Rendering.all().stream(), fleets().stream())
                .filter(r -> r.ofKind("Kafka").findAny().isPresent());
    }

    static Stream<Rendering> fleetsOfKedaThatLogsIn() {
        return fleets().stream()
                .filter(r -> r.ofKind("ScaledObject").findAny().isPresent())
                .filter(r -> !loggingIn(r).isEmpty());
    }

    private static List<Workload> loggingIn(Rendering fleet) {
        return Workload.of(fleet.manifests())
                .filter(w -> w.container().path("env").findValuesAsText("name").contains(CLIENT_PROPERTIES))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("fleets")
    void everyRoleLogsInOrNone(Rendering fleet) {
        boolean secured = fleet.name().contains("strimzi") || fleet.name().contains("kafka-client");

        List<Workload> all = Workload.of(fleet.manifests()).toList();
        assertThat(loggingIn(fleet)).isEqualTo(secured ? all : List.of());
        for (Workload workload : loggingIn(fleet)) {
            JsonNode mount = Manifest.named(workload.container().path("volumeMounts"), "kafka");
            Path file = Path.of(Manifest.named(workload.container().path("env"), CLIENT_PROPERTIES)
                    .path("value")
                    .asText());
            assertThat(file.getParent()).hasToString(mount.path("mountPath").asText());
            assertThat(secrets(Manifest.named(workload.pod().path("volumes"), "kafka")))
                    .as("%s logs in as its role", workload)
                    .containsAnyOf("fanfold-" + workload.component(), "fanfold-kafka-" + workload.component());
        }
    }

    private static List<String> secrets(JsonNode volume) {
        return volume.findValues("secret").stream()
                .map(secret ->
                        secret.path("name").asText(secret.path("secretName").asText()))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("fleetsOfStrimzi")
    void everyRoleMayDoWhatItHasToAndItsTopicsAreThere(Rendering fleet) {
        Set<String> topics = fleet.ofKind("KafkaTopic").map(Manifest::name).collect(Collectors.toSet());
        for (Workload workload : Workload.of(fleet.manifests()).toList()) {
            Role role = Role.valueOf(workload.component().toUpperCase(Locale.ROOT));
            Set<String> pools = pools(workload);
            assertThat(topics).as("%s", workload).containsAll(Grants.topicsOf(role, Topics.DEFAULT, pools));
            assertThat(StrimziUser.named("fanfold-" + role.word(), fleet.manifests())
                            .rights())
                    .as("%s", workload)
                    .containsAll(StrimziUser.needed(role, pools));
            assertThat(role).as("the operator makes the topics").isNotEqualTo(Role.TOPICS);
        }
        assertThat(loggingIn(fleet))
                .containsExactlyElementsOf(Workload.of(fleet.manifests()).toList());
    }

    private static Set<String> pools(Workload workload) {
        Set<String> pools = new HashSet<>();
        List<String> arguments = workload.arguments();
        for (int i = 0; i < arguments.size() - 1; i++) {
            if (arguments.get(i).equals("--pool")) {
                pools.add(arguments.get(i + 1));
            }
        }
        return pools;
    }

    @ParameterizedTest
    @MethodSource("fleetsOfStrimzi")
    void theAddressIsThatOfAListenerOfTheClusterThatIsMade(Rendering fleet) {
        Manifest kafka = fleet.ofKind("Kafka").findFirst().orElseThrow();
        String address = fleet.ofKind("ConfigMap")
                .map(map -> map.at("/data/FANFOLD_BOOTSTRAP_SERVER").asText())
                .filter(value -> !value.isEmpty())
                .findFirst()
                .orElseThrow();
        assertThat(address)
                .isEqualTo(kafka.name() + "-kafka-bootstrap:"
                        + kafka.at("/spec/kafka/listeners/0/port").asInt());
    }

    @ParameterizedTest
    @MethodSource("fleetsOfKedaThatLogsIn")
    void kedaLogsInAsAUserWhoseSecretIsThere(Rendering fleet) {
        JsonNode trigger =
                fleet.ofKind("ScaledObject").findFirst().orElseThrow().at("/spec/triggers/0");
        Manifest authentication = fleet.ofKind("TriggerAuthentication")
                .filter(a ->
                        a.name().equals(trigger.at("/authenticationRef/name").asText()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("the trigger has no authentication: " + trigger));
        assertThat(authentication.tree().path("spec").findValuesAsText("parameter"))
                .containsExactlyInAnyOrder("sasl", "tls", "username", "password", "ca");
        Manifest.items(authentication.at("/spec/configMapTargetRef"))
                .forEach(ref -> assertThat(map(fleet, ref.path("name").asText()))
                        .containsKey(ref.path("key").asText()));
    }

    private static Map<String, String> map(Rendering fleet, String name) {
        return fleet.ofKind("ConfigMap")
                .filter(m -> m.name().equals(name))
                .map(m -> Manifest.texts(m.at("/data")))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no ConfigMap " + name));
    }

    @Test
    void kedaFindsStrimzisKafkaFromItsOwnNamespaceAndIsLetIn() {
        Rendering fleet = Rendering.of("components/strimzi-keda");
        Manifest kafka = fleet.ofKind("Kafka").findFirst().orElseThrow();
        JsonNode lag = fleet.ofKind("ScaledObject").findFirst().orElseThrow().at("/spec/triggers/0/metadata");

        assertThat(lag.has("bootstrapServersFromEnv")).isFalse();
        assertThat(lag.path("bootstrapServers").asText()).isEqualTo(kafka.name() + "-kafka-bootstrap.fanfold.svc:9093");
        assertThat(kafka.at("/spec/kafka/listeners/0/networkPolicyPeers").toString())
                .contains("\"kubernetes.io/metadata.name\":\"keda\"");
        Map<String, String> login = map(fleet, "fanfold-keda");
        assertThat(login).containsEntry("sasl", "scram_sha512").containsEntry("tls", "enable");
        assertThat(StrimziUser.named(login.get("username"), fleet.manifests())
                        .manifest()
                        .at("/spec/authentication/type")
                        .asText())
                .isEqualTo("scram-sha-512");
        Manifest.items(fleet.ofKind("TriggerAuthentication")
                        .findFirst()
                        .orElseThrow()
                        .at("/spec/secretTargetRef"))
                .forEach(ref -> assertThat(ref.path("name").asText() + " "
                                + ref.path("key").asText())
                        .isIn(login.get("username") + " password", kafka.name() + "-cluster-ca-cert ca.crt"));
    }

    /** A role that comes after the users would have none, and speak plaintext to TLS. */
    @Test
    void whatComesTooLateIsRefused() {
        Path components = Rendering.ROOT.resolve("components");

        Stream.of("python", "client")
                .forEach(component -> assertThatThrownBy(() -> Kustomize.render(
                                "too-late",
                                Rendering.ROOT.resolve("overlays/strimzi"),
                                List.of(components.resolve(component))))
                        .hasMessageContaining("fanfold-topics"));
        Stream.of("strimzi-python", "strimzi-keda")
                .forEach(component -> assertThatThrownBy(() -> Kustomize.render(
                                "too-early",
                                Rendering.ROOT.resolve("overlays/keda"),
                                List.of(components.resolve(component))))
                        .hasMessageContaining("Kafka"));
    }
}
