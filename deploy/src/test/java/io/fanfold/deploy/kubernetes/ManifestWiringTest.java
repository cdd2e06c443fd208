package io.fanfold.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What one document says of another is so. */
@EnabledIfEnvironmentVariable(named = Kustomize.GATE, matches = "1", disabledReason = "needs kubectl")
final class ManifestWiringTest {
    private static final Pattern MADE_BY_HAND = Pattern.compile("create secret generic (\\S+)");
    private static final Pattern REFERENCE = Pattern.compile("\\$\\((\\w+)\\)");

    static List<Rendering> renderings() {
        return Rendering.all();
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void aWorkloadSelectsItsOwnPodsAndNoOther(Rendering rendering) {
        for (Workload workload : Workload.lasting(rendering.manifests()).toList()) {
            assertThat(Workload.of(rendering.manifests()).filter(w -> w.selectedBy(workload.selector())))
                    .as("%s", workload)
                    .containsExactly(workload);
        }
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void aServiceLeadsToPortsThatThereAre(Rendering rendering) {
        rendering.ofKind("Service").forEach(service -> {
            List<Workload> behind = selected(rendering, service.at("/spec/selector"));
            assertThat(behind).as("%s", service).isNotEmpty();
            Manifest.items(service.at("/spec/ports"))
                    .map(port -> port.path("targetPort").asText())
                    .forEach(port -> assertThat(behind)
                            .as("%s, port %s", service, port)
                            .allSatisfy(w -> assertThat(ports(w)).contains(port)));
        });
        rendering
                .ofKind("StatefulSet")
                .forEach(set -> assertThat(rendering.ofKind("Service").map(Manifest::name))
                        .contains(set.at("/spec/serviceName").asText()));
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void everyRoleHasABudgetOfItsOwn(Rendering rendering) {
        List<Manifest> budgets = rendering.ofKind("PodDisruptionBudget").toList();
        for (Workload workload : Workload.roles(rendering.manifests()).toList()) {
            assertThat(budgets.stream()
                            .filter(b -> workload.selectedBy(Manifest.texts(b.at("/spec/selector/matchLabels")))))
                    .as("%s", workload)
                    .hasSize(1);
        }
        assertThat(budgets)
                .allSatisfy(b -> assertThat(selected(rendering, b.at("/spec/selector/matchLabels")))
                        .hasSize(1));
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void everyPodIsShutOffButForWhatPoliciesAllow(Rendering rendering) {
        List<Manifest> policies = rendering.ofKind("NetworkPolicy").toList();
        assertThat(policies).allSatisfy(policy -> {
            assertThat(selected(rendering, policy.at("/spec/podSelector/matchLabels")))
                    .isNotEmpty();
            assertThat(peers(policy))
                    .as("pods that %s names", policy)
                    .allSatisfy(
                            labels -> assertThat(selected(rendering, labels)).isNotEmpty());
        });
        Manifest deny = policies.stream()
                .filter(p -> p.name().equals("fanfold-deny"))
                .findFirst()
                .orElseThrow();
        assertThat(deny.at("/spec/policyTypes").toString()).isEqualTo("[\"Ingress\",\"Egress\"]");
        assertThat(deny.tree().path("spec").has("ingress")).isFalse();
        assertThat(deny.tree().path("spec").has("egress")).isFalse();
        assertThat(selected(rendering, deny.at("/spec/podSelector/matchLabels")))
                .containsExactlyInAnyOrderElementsOf(
                        Workload.of(rendering.manifests()).toList());
    }

    /** A cluster's name server may be on each node, outside of any namespace, or behind a port of its own. */
    @ParameterizedTest
    @MethodSource("renderings")
    void everyPodMayAskForNamesWhereverTheyAreKnown(Rendering rendering) {
        JsonNode dns = rendering
                .ofKind("NetworkPolicy")
                .filter(p -> p.name().equals("fanfold-dns"))
                .findFirst()
                .orElseThrow()
                .at("/spec/egress/0");
        assertThat(dns.has("to")).isFalse();
        assertThat(Manifest.items(dns.path("ports"))
                        .map(port -> port.path("protocol").asText() + "/"
                                + port.path("port").asInt()))
                .containsExactlyInAnyOrder("UDP/53", "TCP/53", "UDP/5353", "TCP/5353");
    }

    /** They would be scraped twice, the second time under a job that no alert knows. */
    @ParameterizedTest
    @MethodSource("renderings")
    void noPodAsksToBeScrapedUnderAnotherJob(Rendering rendering) {
        assertThat(Workload.of(rendering.manifests())
                        .flatMap(w -> w.manifest()
                                .at("/spec/template/metadata/annotations")
                                .propertyStream()
                                .map(Map.Entry::getKey)))
                .noneMatch(name -> name.startsWith("prometheus.io/"));
    }

    @Test
    void whereAnAggregatorHasARoleOfItsOwnItMayAskForIt() {
        Manifest policy = Rendering.of("components/s3")
                .ofKind("NetworkPolicy")
                .filter(p -> p.name().equals("fanfold-aggregator-to-s3"))
                .findFirst()
                .orElseThrow();
        JsonNode asking = Manifest.items(policy.at("/spec/egress"))
                .filter(rule -> rule.at("/ports/0/port").asInt() == 80)
                .findFirst()
                .orElseThrow();
        assertThat(asking.path("to").findValuesAsText("cidr")).contains("169.254.170.23/32", "169.254.169.254/32");
    }

    /** Whom a producer and a client fetch results from, and whom a client asks. */
    @ParameterizedTest
    @MethodSource("renderings")
    void whoAsksOverHttpIsLetOutAndIn(Rendering rendering) {
        Set<String> components =
                Workload.of(rendering.manifests()).map(Workload::component).collect(Collectors.toSet());
        assertThat(letOut(rendering, "producer", "aggregator")).isTrue();
        assertThat(letIn(rendering, "producer", "aggregator")).isTrue();
        assertThat(letOut(rendering, "client", "aggregator")).isEqualTo(components.contains("client"));
        assertThat(letIn(rendering, "client", "aggregator")).isEqualTo(components.contains("client"));
        assertThat(letOut(rendering, "client", "producer")).isEqualTo(components.contains("client"));
        assertThat(letIn(rendering, "client", "producer")).isTrue();
        assertThat(letIn(rendering, "worker", "aggregator")).isFalse();
    }

    private static boolean letOut(Rendering rendering, String from, String to) {
        return reaches(rendering, "egress", "to", from, to);
    }

    private static boolean letIn(Rendering rendering, String from, String to) {
        return reaches(rendering, "ingress", "from", to, from);
    }

    private static boolean reaches(Rendering rendering, String way, String peers, String pod, String other) {
        return rendering
                .ofKind("NetworkPolicy")
                .filter(p ->
                        Manifest.texts(p.at("/spec/podSelector/matchLabels")).equals(pods(pod)))
                .flatMap(p -> Manifest.items(p.at("/spec/" + way)))
                .filter(rule -> rule.at("/ports/0/port").asText().equals("http"))
                .flatMap(rule -> Manifest.items(rule.path(peers)))
                .filter(peer -> peer.has("podSelector"))
                .map(peer -> Manifest.texts(peer.at("/podSelector/matchLabels")))
                .anyMatch(labels -> pods(other).entrySet().containsAll(labels.entrySet()));
    }

    private static Map<String, String> pods(String component) {
        return Map.of("app.kubernetes.io/name", "fanfold", "app.kubernetes.io/component", component);
    }

    /** The labels of Fanfold's pods in other places of a policy than its own selector. */
    private static Stream<JsonNode> peers(Manifest policy) {
        return policy.tree().path("spec").path("ingress").findValues("podSelector").stream()
                .map(selector -> selector.path("matchLabels"))
                .filter(labels -> labels.has("app.kubernetes.io/name"));
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void whatAPodRefersToIsThere(Rendering rendering) throws IOException {
        Set<String> maps = rendering.ofKind("ConfigMap").map(Manifest::name).collect(Collectors.toSet());
        Set<String> secrets = secrets(rendering);
        Set<String> accounts =
                rendering.ofKind("ServiceAccount").map(Manifest::name).collect(Collectors.toSet());
        for (Workload workload : Workload.of(rendering.manifests()).toList()) {
            JsonNode pod = workload.pod();
            assertThat(accounts).contains(pod.path("serviceAccountName").asText());
            assertThat(maps).as("%s", workload).containsAll(names(pod, "configMapRef", "configMap", "configMapKeyRef"));
            assertThat(secrets).as("%s", workload).containsAll(names(pod, "secretRef", "secretKeyRef", "secret"));
            assertThat(volumes(workload)).containsAll(mounts(workload, "name"));
            assertThat(mounts(workload, "mountPath")).doesNotHaveDuplicates();
        }
        rendering
                .ofKind("TriggerAuthentication")
                .forEach(authentication -> Manifest.items(authentication.at("/spec/secretTargetRef"))
                        .forEach(ref ->
                                assertThat(secrets).contains(ref.path("name").asText())));
    }

    /** Secrets that the guide tells people to make, and those that Strimzi's operator makes. */
    private static Set<String> secrets(Rendering rendering) throws IOException {
        String guide = Files.readString(Path.of("..", "docs", "guide", "kubernetes.md"));
        Set<String> secrets = MADE_BY_HAND
                .matcher(guide)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(HashSet::new));
        rendering.ofKind("Kafka").forEach(kafka -> secrets.add(kafka.name() + "-cluster-ca-cert"));
        rendering.ofKind("KafkaUser").map(Manifest::name).forEach(secrets::add);
        return secrets;
    }

    private static List<String> names(JsonNode pod, String... fields) {
        return Stream.of(fields)
                .flatMap(field -> pod.findValues(field).stream())
                .map(ref -> ref.path("name").asText(ref.path("secretName").asText()))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void aVariableRefersOnlyToThoseBeforeIt(Rendering rendering) {
        for (Workload workload : Workload.of(rendering.manifests()).toList()) {
            Set<String> before = new HashSet<>();
            Manifest.items(workload.container().path("env")).forEach(variable -> {
                assertThat(REFERENCE
                                .matcher(variable.path("value").asText())
                                .results()
                                .map(MatchResult::group)
                                .map(r -> r.substring(2, r.length() - 1)))
                        .as("%s of %s", variable, workload)
                        .isSubsetOf(before);
                assertThat(before.add(variable.path("name").asText()))
                        .as("%s once", variable)
                        .isTrue();
            });
        }
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void whoeverScalesAWorkloadDecidesAlone(Rendering rendering) {
        Stream.concat(rendering.ofKind("ScaledObject"), rendering.ofKind("HorizontalPodAutoscaler"))
                .map(scaler -> scaler.at("/spec/scaleTargetRef/name").asText())
                .forEach(target -> assertThat(rendering
                                .workload(target)
                                .manifest()
                                .at("/spec")
                                .has("replicas"))
                        .as(target)
                        .isFalse());
    }

    private static List<Workload> selected(Rendering rendering, JsonNode labels) {
        Map<String, String> selector = Manifest.texts(labels);
        assertThat(selector).isNotEmpty();
        return Workload.of(rendering.manifests())
                .filter(w -> w.selectedBy(selector))
                .toList();
    }

    private static List<String> ports(Workload workload) {
        return Manifest.items(workload.container().path("ports"))
                .map(port -> port.path("name").asText())
                .toList();
    }

    private static List<String> mounts(Workload workload, String field) {
        return Manifest.items(workload.container().path("volumeMounts"))
                .map(mount -> mount.path(field).asText())
                .toList();
    }

    private static List<String> volumes(Workload workload) {
        return Stream.concat(
                        Manifest.items(workload.pod().path("volumes")).map(v -> v.path("name")),
                        Manifest.items(workload.manifest().at("/spec/volumeClaimTemplates"))
                                .map(claim -> claim.at("/metadata/name")))
                .map(JsonNode::asText)
                .toList();
    }
}
