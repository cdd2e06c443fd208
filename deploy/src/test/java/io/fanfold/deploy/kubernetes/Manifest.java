package io.fanfold.deploy.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** One resource, as it goes to the API server. */
record Manifest(JsonNode tree) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The documents of a YAML text. */
    static List<Manifest> parse(String yaml) {
        List<Manifest> manifests = new ArrayList<>();
        new Yaml(new SafeConstructor(new LoaderOptions()))
                .loadAll(yaml)
                .forEach(document -> manifests.add(new Manifest(JSON.valueToTree(document))));
        return manifests.stream().filter(m -> m.tree().isObject()).toList();
    }

    String apiVersion() {
        return tree.path("apiVersion").asText();
    }

    String kind() {
        return tree.path("kind").asText();
    }

    String name() {
        return tree.at("/metadata/name").asText();
    }

    JsonNode at(String pointer) {
        return tree.at(pointer);
    }

    /** The labels that are there. */
    static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new HashMap<>();
        object.properties().forEach(e -> texts.put(e.getKey(), e.getValue().asText()));
        return texts;
    }

    static Stream<JsonNode> items(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    /** The items of an array that have that name. */
    static JsonNode named(JsonNode array, String name) {
        return items(array)
                .filter(item -> Objects.equals(item.path("name").asText(), name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing is named " + name + " in " + array));
    }

    @Override
    public String toString() {
        return kind() + "/" + name();
    }
}
