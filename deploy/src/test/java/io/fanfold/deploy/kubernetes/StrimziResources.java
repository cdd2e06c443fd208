package io.fanfold.deploy.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The resources of Strimzi's operator, by the definitions that are generated from its models. */
final class StrimziResources implements Schema {
    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
    private static final Path WRITTEN = Path.of("target", "strimzi");

    private static final List<String> MODELS =
            List.of("kafka.Kafka", "nodepool.KafkaNodePool", "topic.KafkaTopic", "user.KafkaUser");

    private final Map<String, JsonSchema> known = new HashMap<>();

    StrimziResources() throws IOException {
        Files.createDirectories(WRITTEN);
        for (String model : MODELS) {
            Path file = WRITTEN.resolve(model + ".yaml");
            Command.Ended ended = Command.run(
                    Path.of("."),
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    "io.strimzi.crdgenerator.CrdGenerator",
                    "--yaml",
                    "io.strimzi.api.kafka.model." + model + "=" + file);
            if (ended.code() != 0) {
                throw new AssertionError("no definition of " + model + ": " + ended.output());
            }
            add(Manifest.parse(Files.readString(file)).getFirst());
        }
    }

    private void add(Manifest definition) {
        String kind = definition.at("/spec/names/kind").asText();
        String group = definition.at("/spec/group").asText();
        Manifest.items(definition.at("/spec/versions")).forEach(version -> {
            JsonNode schema = version.at("/schema/openAPIV3Schema");
            close((ObjectNode) schema);
            known.put(group + "/" + version.path("name").asText() + " " + kind, SCHEMAS.getSchema(schema));
        });
    }

    /** An API server drops fields that it does not know; here they are wrong. */
    private static void close(ObjectNode schema) {
        boolean open = schema.path("x-kubernetes-preserve-unknown-fields").asBoolean();
        if (schema.has("properties") && !schema.has("additionalProperties") && !open) {
            schema.put("additionalProperties", false);
        }
        Stream.concat(
                        Manifest.items(schema.path("properties")),
                        Stream.of(schema.path("items"), schema.path("additionalProperties")))
                .filter(ObjectNode.class::isInstance)
                .forEach(inner -> close((ObjectNode) inner));
    }

    @Override
    public Optional<List<String>> problems(Manifest manifest) {
        return Optional.ofNullable(known.get(manifest.apiVersion() + " " + manifest.kind()))
                .map(schema -> schema.validate(manifest.tree()).stream()
                        .map(ValidationMessage::getMessage)
                        .toList());
    }
}
