package io.fanfold.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** KEDA takes its resources, and passes over nothing in them. */
@EnabledIfEnvironmentVariable(named = Kustomize.GATE, matches = "1", disabledReason = "needs kubectl")
@EnabledIfEnvironmentVariable(named = KedaModels.GATE, matches = "1", disabledReason = "needs npm's registry")
final class KedaSchemaTest {
    private static final List<Schema> SCHEMAS = schemas();

    private static List<Schema> schemas() {
        try {
            return List.of(new KedaModels(), new KedaDefinition());
        } catch (IOException e) {
            throw new AssertionError("no schemas", e);
        }
    }

    static boolean isKeda(Manifest manifest) {
        return manifest.apiVersion().startsWith("keda.sh/");
    }

    @Test
    void everyDocumentFitsItsSchemas() {
        List<Manifest> documents = Rendering.all().stream()
                .flatMap(r -> r.manifests().stream())
                .filter(KedaSchemaTest::isKeda)
                .distinct()
                .toList();
        assertThat(documents.stream().map(Manifest::kind)).contains("ScaledObject", "TriggerAuthentication");
        for (Manifest document : documents) {
            assertThat(Schema.problems(SCHEMAS, document)).as("%s", document).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        spec/maxReplicas             | 2
        spec/maxReplicaCount         | "many"
        spec/maxReplicaCount         | 2.5
        spec/maxReplicaCount         | 3000000000
        spec/maxReplicaCount         | 0
        spec/minReplicaCount         | -1
        spec/pollingInterval         | 0
        spec/triggers                | []
        spec/scaleTargetRef          | {}
        spec/advanced/horizontalPodAutoscalerConfig/behavior/scaleDown/stabilizationWindow     | 300
        spec/triggers/0/authentication              | {}
        spec/triggers/0/type                        | "kafak"
        spec/triggers/0/metricType                  | "Average"
        spec/triggers/0/metadata/lagTreshold        | "128"
        spec/triggers/0/metadata/lagThreshold       | 128
        spec/triggers/0/metadata/lagThreshold       | "many"
        spec/triggers/0/metadata/lagThreshold       | "0"
        spec/triggers/0/metadata/offsetResetPolicy  | "first"
        spec/triggers/0/metadata/excludePersistentLag | "no"
        spec/triggers/0/metadata/version            | "4"
        spec/triggers/0/metadata/bootstrapServers   | "kafka.kafka.svc:9092"
        spec/triggers/1/metadata/treshold           | "60"
        spec/triggers/1/metadata/threshold          | "a minute"
        spec/triggers/1/metadata/threshold          | 60
        spec/triggers/1/metadata/lagThreshold       | "60"
        spec/triggers/1/metadata/serverAddress      | "prometheus:9090"
        """)
    void whatDoesNotFitIsRefused(String field, String value) throws IOException {
        assertThat(problems(with(field, value)))
                .isNotEmpty()
                .allMatch(problem ->
                        problem.contains(Path.of(field).getFileName().toString()) || problem.contains("metadata"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"spec/triggers/1/metadata/threshold", "spec/triggers/0/metadata/consumerGroup"})
    void whatIsMissingIsSaid(String field) throws IOException {
        assertThat(problems(with(field, null))).isNotEmpty();
    }

    @Test
    void aVersionThatThereIsNotIsRefused() {
        assertThat(problems(Manifest.parse("{apiVersion: keda.sh/v1, kind: ScaledObject, metadata: {name: x}}")
                        .getFirst()))
                .containsExactly("no schema for keda.sh/v1 ScaledObject");
    }

    /** The one that is there, with another value in one place, or without it. */
    private static Manifest with(String field, @Nullable String json) throws IOException {
        ObjectNode changed = scaler().tree().deepCopy();
        Path path = Path.of(field);
        ObjectNode parent = (ObjectNode) changed.at("/" + path.getParent());
        String name = path.getFileName().toString();
        if (json == null) {
            parent.remove(name);
        } else {
            parent.set(name, new ObjectMapper().readTree(json));
        }
        return new Manifest(changed);
    }

    private static Manifest scaler() {
        Manifest scaler =
                Rendering.of("overlays/keda").ofKind("ScaledObject").findFirst().orElseThrow();
        assertThat(problems(scaler)).isEmpty();
        return scaler;
    }

    private static List<String> problems(Manifest manifest) {
        return Schema.problems(SCHEMAS, manifest);
    }
}
