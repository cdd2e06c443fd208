package io.fanfold.deploy.kubernetes;

import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What KEDA asks of a ScaledObject beside the types of its fields. Parameters of a trigger are a map of texts to an API server, which
 * takes any; KEDA passes over those that it does not know.
 */
final class KedaDefinition implements Schema {
    private final JsonSchema schema;

    KedaDefinition() throws IOException {
        try (InputStream file = KedaDefinition.class.getResourceAsStream("/keda/scaled-object.json")) {
            this.schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(Objects.requireNonNull(file));
        }
    }

    @Override
    public Optional<List<String>> problems(Manifest manifest) {
        return manifest.apiVersion().equals("keda.sh/v1alpha1")
                        && manifest.kind().equals("ScaledObject")
                ? Optional.of(schema.validate(manifest.tree()).stream()
                        .map(ValidationMessage::getMessage)
                        .toList())
                : Optional.empty();
    }
}
