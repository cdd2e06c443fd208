package io.fanfold.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import io.fanfold.cli.Main;
import io.fanfold.deploy.StopTimes;
import io.fanfold.protocol.topics.TopicLayout;
import io.fanfold.protocol.wire.Topics;
import io.kubernetes.client.custom.Quantity;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the manifests say of the product is so: images, commands, variables, probes, times, topics. */
@EnabledIfEnvironmentVariable(named = Kustomize.GATE, matches = "1", disabledReason = "needs kubectl")
final class ManifestProductTest {
    private static final Pattern VARIABLE = Pattern.compile("`(FANFOLD_\\w+|AWS_\\w+)`");
    private static final Set<String> IMAGES = Set.of(
            "fanfold/producer:0.1.0",
            "fanfold/worker:0.1.0",
            "fanfold/worker-python:0.1.0",
            "fanfold/aggregator:0.1.0");

    static List<Rendering> renderings() {
        return Rendering.all();
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void imagesAreThoseThatAreBuilt(Rendering rendering) {
        assertThat(Workload.of(rendering.manifests())
                        .map(w -> w.container().path("image").asText()))
                .isSubsetOf(IMAGES);
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void argumentsAreThoseOfTheCommand(Rendering rendering) {
        for (Workload workload : Workload.of(rendering.manifests())
                .filter(w -> !w.component().equals("client"))
                .toList()) {
            List<String> arguments = new ArrayList<>(workload.arguments());
            arguments.addAll(List.of("--bootstrap-server", "localhost:9092"));
            assertThatCode(() -> Main.commandLine().parseArgs(arguments.toArray(String[]::new)))
                    .as("%s", arguments)
                    .doesNotThrowAnyException();
            if (!workload.component().equals("topics")) {
                assertThat(arguments.getFirst()).isEqualTo(workload.component());
            }
            assertThat(workload.container().has("command")).as("%s", workload).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void variablesAreThoseOfTheConfiguration(Rendering rendering) throws IOException {
        Set<String> known = new HashSet<>();
        VARIABLE.matcher(Files.readString(Path.of("..", "docs", "reference", "configuration.md")))
                .results()
                .forEach(found -> known.add(found.group(1)));
        Stream<String> inMaps = rendering
                .ofKind("ConfigMap")
                .flatMap(map -> map.at("/data").propertyStream().map(e -> e.getKey()))
                .filter(name -> name.matches("[A-Z0-9_]+"));
        Stream<String> inPods = Workload.of(rendering.manifests())
                .flatMap(w -> Manifest.items(w.container().path("env")))
                .map(variable -> variable.path("name").asText())
                .filter(name -> !name.equals("POD_NAMESPACE"));
        assertThat(Stream.concat(inMaps, inPods)).isSubsetOf(known);
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void everyPodRunsWithNoMoreRightsThanItNeeds(Rendering rendering) {
        for (Workload workload : Workload.of(rendering.manifests()).toList()) {
            JsonNode pod = workload.pod();
            assertThat(pod.path("containers")).as("%s", workload).hasSize(1);
            assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
            // With them a Service fanfold-http would set FANFOLD_HTTP_PORT to an address.
            assertThat(pod.path("enableServiceLinks").asBoolean(true)).isFalse();
            assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
            assertThat(pod.at("/securityContext/runAsUser").asInt()).isEqualTo(10001);
            assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
            JsonNode container = workload.container().path("securityContext");
            assertThat(Restricted.problems(pod.path("securityContext"), container))
                    .isEmpty();
            assertThat(container.path("readOnlyRootFilesystem").asBoolean()).isTrue();
            assertThat(workload.container().at("/resources/limits/memory").asText())
                    .isNotEmpty()
                    .isEqualTo(workload.container()
                            .at("/resources/requests/memory")
                            .asText());
            assertThat(Manifest.items(workload.container().path("volumeMounts"))
                            .map(mount -> mount.path("mountPath").asText()))
                    .contains("/tmp");
        }
        rendering
                .ofKind("ServiceAccount")
                .forEach(account -> assertThat(account.tree()
                                .path("automountServiceAccountToken")
                                .asBoolean(true))
                        .isFalse());
    }

    /** A worker keeps nothing; what others keep is on a volume that is no part of a node's disk. */
    @ParameterizedTest
    @MethodSource("renderings")
    void whatIsKeptHasAVolume(Rendering rendering) {
        for (Workload workload : Workload.roles(rendering.manifests()).toList()) {
            boolean keeps = Manifest.items(workload.container().path("volumeMounts"))
                    .anyMatch(mount -> mount.path("mountPath").asText().equals("/var/lib/fanfold"));
            assertThat(keeps).as("%s", workload).isEqualTo(!workload.component().equals("worker"));
            assertThat(Manifest.items(workload.pod().path("volumes"))
                            .filter(volume -> volume.has("emptyDir"))
                            .map(volume -> volume.path("name").asText()))
                    .containsExactly("tmp");
        }
    }

    /** It waits, in a directory that may be written to. */
    @Test
    void aClientWaitsForCommands() {
        JsonNode container =
                Rendering.of("components/client").workload("fanfold-client").container();
        assertThat(container.path("command").toString()).isEqualTo("[\"sleep\",\"infinity\"]");
        assertThat(container.path("workingDir").asText()).isEqualTo("/tmp");
    }

    /** All of this is decided between 0 and 1, which KEDA's own documentation says: with one that stays it would do nothing. */
    @Test
    void kedaIsToldNothingThatItPassesOver() {
        Manifest scaler =
                Rendering.of("overlays/keda").ofKind("ScaledObject").findFirst().orElseThrow();
        assertThat(scaler.at("/spec/minReplicaCount").asInt()).isPositive();
        assertThat(scaler.tree().path("spec").propertyStream().map(Map.Entry::getKey))
                .doesNotContain("pollingInterval", "cooldownPeriod", "initialCooldownPeriod", "idleReplicaCount");
        assertThat(Manifest.items(scaler.at("/spec/triggers"))
                        .flatMap(trigger -> trigger.path("metadata").propertyStream())
                        .map(Map.Entry::getKey))
                .noneMatch(name -> name.startsWith("activation"));
    }

    /** Longer than the age at which chunks that nobody has measured ask for a worker each. */
    @Test
    void workersStayUntilChunksThatNobodyHasMeasuredCount() {
        Manifest scaler =
                Rendering.of("overlays/keda").ofKind("ScaledObject").findFirst().orElseThrow();
        assertThat(scaler.at(
                                "/spec/advanced/horizontalPodAutoscalerConfig/behavior/scaleDown/stabilizationWindowSeconds")
                        .asInt())
                .isGreaterThan(
                        2 * scaler.at("/spec/triggers/1/metadata/threshold").asInt());
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void everyRoleIsAskedHowItIs(Rendering rendering) {
        for (Workload workload : Workload.roles(rendering.manifests()).toList()) {
            for (String probe : List.of("startup", "liveness", "readiness")) {
                JsonNode get = workload.container().at("/" + probe + "Probe/httpGet");
                assertThat(get.path("path").asText())
                        .isEqualTo("/health/" + (probe.equals("readiness") ? "readiness" : "liveness"));
                assertThat(get.path("port").asText()).isEqualTo("http");
            }
            assertThat(workload.container().at("/ports/0/name").asText()).isEqualTo("http");
            assertThat(workload.container().at("/ports/0/containerPort").asInt())
                    .isEqualTo(8080);
        }
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void aWorkerIsGivenTheTimeThatItsDrainMayTake(Rendering rendering) {
        for (Workload worker : Workload.of(rendering.manifests())
                .filter(w -> w.component().equals("worker"))
                .toList()) {
            assertThat(worker.pod().path("terminationGracePeriodSeconds").asInt())
                    .isGreaterThanOrEqualTo(worker.number("FANFOLD_DRAIN") + StopTimes.AFTER_DRAIN);
            assertThat(worker.number("FANFOLD_UNKNOWN_FUNCTION_GRACE"))
                    .isGreaterThanOrEqualTo(worker.manifest()
                            .at("/spec/progressDeadlineSeconds")
                            .asInt(600));
        }
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void aProducerIsGivenTheTimeThatItsDrainMayTake(Rendering rendering) {
        Workload producer = rendering.workload("fanfold-producer");

        assertThat(producer.pod().path("terminationGracePeriodSeconds").asInt())
                .isGreaterThanOrEqualTo(producer.container()
                                .at("/lifecycle/preStop/sleep/seconds")
                                .asInt()
                        + producer.number("FANFOLD_DRAIN")
                        + StopTimes.AFTER_UPLOADS);
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void noRollingUpdateTakesAwayBeforeItAdds(Rendering rendering) {
        rendering
                .ofKind("Deployment")
                .forEach(deployment -> assertThat(deployment
                                .at("/spec/strategy/rollingUpdate/maxUnavailable")
                                .asInt(1))
                        .isZero());
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void noMoreWorkersThanPartitionsAreAskedFor(Rendering rendering) {
        int partitions = rendering
                .ofKind("KafkaTopic")
                .filter(topic -> topic.name().equals(Topics.DEFAULT.chunks("default")))
                .map(topic -> topic.at("/spec/partitions").asInt())
                .findFirst()
                .orElse(TopicLayout.DEFAULT.chunkPartitions());
        Stream.concat(
                        rendering.ofKind("ScaledObject").map(s -> s.at("/spec/maxReplicaCount")),
                        rendering.ofKind("HorizontalPodAutoscaler").map(s -> s.at("/spec/maxReplicas")))
                .forEach(most -> assertThat(most.asInt()).isBetween(2, partitions));
    }

    @Test
    void kedaAsksForTheGroupAndTopicOfThePoolThatItScales() {
        Manifest scaler =
                Rendering.of("overlays/keda").ofKind("ScaledObject").findFirst().orElseThrow();
        String pool = scaler.at("/metadata/labels").path("fanfold.io/pool").asText();
        JsonNode lag = scaler.at("/spec/triggers/0/metadata");
        assertThat(lag.path("consumerGroup").asText()).isEqualTo(Topics.DEFAULT.workerGroup(pool));
        assertThat(lag.path("topic").asText()).isEqualTo(Topics.DEFAULT.chunks(pool));
        assertThat(lag.path("excludePersistentLag").asText()).isEqualTo("false");
        JsonNode remaining = scaler.at("/spec/triggers/1/metadata");
        assertThat(remaining.path("query").asText())
                .isEqualTo("max(fanfold_pool_remaining_seconds{namespace=\"fanfold\",pool=\"" + pool + "\"})");
        assertThat(remaining.path("ignoreNullValues").asText())
                .as("no answer is not 0")
                .isEqualTo("false");
        Workload target = Rendering.of("overlays/keda")
                .workload(scaler.at("/spec/scaleTargetRef/name").asText());
        assertThat(target.arguments()).containsSequence("--pool", pool);
        assertThat(target.labels()).containsEntry("fanfold.io/pool", pool);
    }

    /** Without it an answer would be of all fleets in one Prometheus, or of none. */
    @Test
    void theLabelByWhichKedaTellsFleetsApartIsSetOnWhatIsScraped() throws IOException {
        assertThat(Files.readString(Path.of("..", "docs", "guide", "operations.md")))
                .contains("namespaces: {names: [fanfold]}")
                .containsSubsequence("source_labels: [__meta_kubernetes_namespace]", "target_label: namespace");
    }

    /** An emptyDir would be the node's disk. */
    @ParameterizedTest
    @MethodSource("renderings")
    void anUploadThatIsNotCutAsItComesFitsTheProducersOwnVolume(Rendering rendering) {
        Workload producer = rendering.workload("fanfold-producer");
        String most = Manifest.named(producer.container().path("env"), "FANFOLD_MAX_BODY_BYTES")
                .path("value")
                .asText();
        String room = Manifest.named(producer.pod().path("volumes"), "state")
                .at("/ephemeral/volumeClaimTemplate/spec/resources/requests/storage")
                .asText();
        assertThat(Quantity.fromString(room).getNumber())
                .isGreaterThanOrEqualTo(new BigDecimal(most).multiply(BigDecimal.TWO));
    }

    @Test
    void everyPoolOfAWorkerHasItsTopicAndItsProducer() {
        Rendering rendering = Rendering.of("components/python");
        for (String name : List.of("fanfold-topics", "fanfold-producer")) {
            assertThat(rendering.workload(name).arguments()).containsSequence("--pool", "default", "--pool", "python");
        }
        assertThat(rendering.workload("fanfold-worker-python").arguments()).containsSequence("--pool", "python");
    }
}
