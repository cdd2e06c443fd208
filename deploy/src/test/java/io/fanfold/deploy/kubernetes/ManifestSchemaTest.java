package io.fanfold.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every directory renders, and an API server would take every document of it, without passing over a field. */
@EnabledIfEnvironmentVariable(named = Kustomize.GATE, matches = "1", disabledReason = "needs kubectl")
final class ManifestSchemaTest {
    private static final List<Schema> SCHEMAS = schemas();

    private static List<Schema> schemas() {
        try {
            return List.of(new KubernetesModels(), new StrimziResources());
        } catch (Exception e) {
            throw new AssertionError("no schemas", e);
        }
    }

    static List<Rendering> renderings() {
        return Rendering.all();
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void everyDocumentFitsItsSchema(Rendering rendering) {
        assertThat(rendering.manifests()).isNotEmpty();
        for (Manifest manifest : rendering.manifests()) {
            if (!KedaSchemaTest.isKeda(manifest)) {
                assertThat(Schema.problems(SCHEMAS, manifest))
                        .as("%s", manifest)
                        .isEmpty();
            }
        }
    }

    @Test
    void everyFileBelongsToADirectoryThatIsRendered() throws IOException {
        try (Stream<Path> files = Files.walk(Rendering.ROOT)) {
            assertThat(files.filter(Files::isRegularFile).map(Path::getParent).distinct())
                    .isSubsetOf(Rendering.directories());
        }
    }

    @Test
    void aFieldThatThereIsNotIsRefused() {
        assertThat(problems("{apiVersion: apps/v1, kind: Deployment, metadata: {name: x}, spec: {replica: 2,"
                        + " selector: {}, template: {}}}"))
                .anyMatch(p -> p.contains("replica"));
        assertThat(problems(
                        "{apiVersion: v1, kind: Service, metadata: {name: x}, spec: {ports: [{port: 1, portal: 2}]}}"))
                .anyMatch(p -> p.contains("portal"));
        assertThat(problems("{apiVersion: kafka.strimzi.io/v1, kind: KafkaTopic, metadata: {name: x}, spec:"
                        + " {partition: 3}}"))
                .anyMatch(p -> p.contains("partition"));
    }

    @Test
    void aValueOfAnotherTypeIsRefused() {
        assertThat(problems("{apiVersion: v1, kind: ConfigMap, metadata: {name: x}, data: {FANFOLD_DRAIN: 20}}"))
                .anyMatch(p -> p.contains("FANFOLD_DRAIN"));
        assertThat(problems("{apiVersion: batch/v1, kind: Job, metadata: {name: x}, spec: {backoffLimit: \"3\","
                        + " template: {spec: {containers: []}}}}"))
                .anyMatch(p -> p.contains("backoffLimit"));
        assertThat(problems("{apiVersion: v1, kind: Service, metadata: {name: x}, spec: {ports: 8080}}"))
                .isNotEmpty();
        assertThat(problems("{apiVersion: kafka.strimzi.io/v1, kind: KafkaTopic, metadata: {name: x}, spec:"
                        + " {partitions: many}}"))
                .anyMatch(p -> p.contains("partitions"));
    }

    @Test
    void aKindThatNobodyKnowsIsRefused() {
        assertThat(problems("{apiVersion: extensions/v1beta1, kind: Deployment, metadata: {name: x}}"))
                .containsExactly("no schema for extensions/v1beta1 Deployment");
        assertThat(problems("{apiVersion: apps/v1, kind: ConfigMap, metadata: {name: x}}"))
                .containsExactly("no schema for apps/v1 ConfigMap");
        assertThat(problems("{apiVersion: kafka.strimzi.io/v1, kind: KafkaTopics, metadata: {name: x}}"))
                .containsExactly("no schema for kafka.strimzi.io/v1 KafkaTopics");
    }

    private static List<String> problems(String yaml) {
        return Schema.problems(SCHEMAS, Manifest.parse(yaml).getFirst());
    }
}
