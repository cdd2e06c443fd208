package io.fanfold.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/** The AsyncAPI document of the topics, as one that knows all fields: what it does not describe is not allowed. */
public final class AsyncApi {
    private static final Path REFERENCE =
            Path.of("").toAbsolutePath().getParent().resolve("docs").resolve("reference");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode document;
    private final JsonNode components;

    private AsyncApi(JsonNode document) {
        this.document = document;
        this.components = document.path("components").deepCopy();
        close(components);
    }

    /** Reads it. */
    public static AsyncApi read() throws IOException {
        return new AsyncApi(new ObjectMapper(new YAMLFactory())
                .readTree(REFERENCE.resolve("asyncapi.yaml").toFile()));
    }

    /** The text beside it, which says what the fields mean. */
    public static String wireProtocol() throws IOException {
        return Files.readString(REFERENCE.resolve("wire-protocol.md"));
    }

    private static void close(JsonNode node) {
        if (node instanceof ObjectNode schema
                && schema.path("type").asText().equals("object")
                && schema.path("properties").isObject()
                && !schema.has("additionalProperties")) {
            schema.put("additionalProperties", false);
        }
        node.forEach(AsyncApi::close);
    }

    /** Channels by the names of their topics. */
    public Map<String, JsonNode> channels() {
        Map<String, JsonNode> channels = new java.util.TreeMap<>();
        document.path("channels")
                .forEach(channel -> channels.put(channel.path("address").asText(), channel));
        return channels;
    }

    /** The names of messages of a topic. */
    public Set<String> messages(String topic) {
        Set<String> names = new TreeSet<>();
        channels().get(topic).path("messages").fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** The names of all fields of a schema and of all that it consists of, schemas it refers to left out. */
    public Set<String> fields(String schema) {
        Set<String> names = new TreeSet<>();
        collect(document.path("components").path("schemas").path(schema), names);
        return names;
    }

    /** The names of all schemas. */
    public Set<String> schemas() {
        Set<String> names = new TreeSet<>();
        document.path("components").path("schemas").fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static void collect(JsonNode schema, Set<String> names) {
        if (schema.path("type").asText().equals("object")
                || schema.path("properties").isObject()) {
            schema.path("properties").fieldNames().forEachRemaining(names::add);
            schema.path("properties").forEach(property -> collect(property, names));
        }
        collect(schema, "items", names);
        collect(schema, "additionalProperties", names);
    }

    private static void collect(JsonNode schema, String inner, Set<String> names) {
        if (schema.path(inner).isObject()) {
            collect(schema.path(inner), names);
        }
    }

    /** What a record has that its message is not described to have, and the other way round. */
    public List<String> violations(String message, ProducerRecord<byte[], byte[]> record) throws IOException {
        String at = "#/components/messages/" + message;
        JsonNode described = components.path("messages").path(message);
        List<String> found = new ArrayList<>();
        if (described.path("bindings").path("kafka").has("key")) {
            found.addAll(validate(at + "/bindings/kafka/key", JSON.valueToTree(text(record.key()))));
        }
        found.addAll(headers(described, record));
        if (!described.has("contentType")
                || described.path("contentType").asText().equals("application/json")) {
            JsonNode payload = record.value() == null ? JSON.nullNode() : JSON.readTree(record.value());
            found.addAll(validate(at + "/payload", payload));
        }
        return found;
    }

    private List<String> headers(JsonNode described, ProducerRecord<byte[], byte[]> record) throws IOException {
        String reference = described.path("headers").path("$ref").asText();
        JsonNode schema = components.at(reference.substring("#/components".length()));
        ObjectNode headers = JSON.createObjectNode();
        List<String> found = new ArrayList<>();
        for (Header header : record.headers()) {
            headers.put(header.key(), text(header.value()));
            JsonNode content = schema.path("properties")
                    .path(header.key())
                    .path("contentSchema")
                    .path("$ref");
            if (content.isTextual()) {
                found.addAll(validate(content.asText(), JSON.readTree(header.value())));
            }
        }
        found.addAll(validate(reference, headers));
        return found;
    }

    private List<String> validate(String reference, JsonNode value) {
        ObjectNode root = JSON.createObjectNode().put("$ref", reference);
        root.set("components", components);
        return JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(root).validate(value).stream()
                .map(ValidationMessage::getMessage)
                .toList();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
