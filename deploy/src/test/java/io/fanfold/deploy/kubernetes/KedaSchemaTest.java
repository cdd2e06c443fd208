package io.fanfold.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** KEDA's resources fit their types. */
@EnabledIfEnvironmentVariable(named = Kustomize.GATE, matches = "1", disabledReason = "needs kubectl")
@EnabledIfEnvironmentVariable(named = KedaTypes.GATE, matches = "1", disabledReason = "needs npm's registry")
final class KedaSchemaTest {
    private static final List<Schema> SCHEMAS = schemas();

    private static List<Schema> schemas() {
        try {
            return List.of(new KedaTypes());
        } catch (IOException e) {
            throw new AssertionError("no schemas", e);
        }
    }

    static boolean isKeda(Manifest manifest) {
        return manifest.apiVersion().startsWith("keda.sh/");
    }

    @Test
    void everyDocumentFitsItsTypes() {
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

    @Test
    void whatDoesNotFitIsRefused() {
        String head = "{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: x}, spec: {";
        String target = "scaleTargetRef: {name: x}, ";
        Stream.of(
                        "maxReplicas: 2, triggers: []",
                        "maxReplicaCount: many, triggers: []",
                        "triggers: [{type: kafka," + " metadata: {lagThreshold: 5}}]",
                        "triggers: [{type: kafka, metadata: {}, authentication: {}}]")
                .forEach(spec -> assertThat(problems(head + target + spec + "}}"))
                        .as(spec)
                        .isNotEmpty());
        assertThat(problems(head + target + "triggers: []}}")).isEmpty();
        assertThat(problems("{apiVersion: keda.sh/v1, kind: ScaledObject, metadata: {name: x}}"))
                .containsExactly("no schema for keda.sh/v1 ScaledObject");
    }

    private static List<String> problems(String yaml) {
        return Schema.problems(SCHEMAS, Manifest.parse(yaml).getFirst());
    }
}
