package io.fanfold.cli.door;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.wire.FunctionOffer;
import io.fanfold.protocol.wire.Records;
import io.fanfold.protocol.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A function that a pool offers: an object with the fields of the functions topic, and perhaps more.
 *
 * @param json with a pool and a function
 */
public record FunctionView(ObjectNode json) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** As it stands in the functions topic. */
    public static FunctionView of(FunctionOffer offer) {
        try {
            byte[] text = Records.offer(Topics.DEFAULT, offer).value();
            return new FunctionView((ObjectNode) JSON.readTree(new String(text, StandardCharsets.UTF_8)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * What a server says of it.
     *
     * @throws FanfoldException if that is no function
     */
    static FunctionView read(JsonNode said, String where) {
        if (said instanceof ObjectNode object && said.path("function").isTextual()) {
            return new FunctionView(object);
        }
        throw new FanfoldException("what answers at " + where
                + " is no Fanfold server, or one of another version: it said " + Texts.shorten(said.toString()));
    }

    public String pool() {
        return json.path("pool").asText(Topics.DEFAULT_POOL);
    }

    /** {@code name@version}. */
    public String id() {
        return json.path("function").asText();
    }

    public String about() {
        return json.path("about").asText();
    }

    /** What becomes of a chunk's shape. */
    public String shapes() {
        return json.path("shapes").asText();
    }

    /** The answer's dtype for each that is taken. */
    public Map<String, String> dtypes() {
        Map<String, String> dtypes = new LinkedHashMap<>();
        json.path("dtypes")
                .properties()
                .forEach(e -> dtypes.put(e.getKey(), e.getValue().asText()));
        return dtypes;
    }

    /** A parameter, for a person. */
    public record Parameter(String name, String type, String about, String need) {}

    public List<Parameter> parameters() {
        List<String> required = new ArrayList<>();
        json.path("parameters").path("required").forEach(name -> required.add(name.asText()));
        return json.path("parameters").path("properties").properties().stream()
                .map(e -> parameter(e.getKey(), e.getValue(), required.contains(e.getKey())))
                .toList();
    }

    private static Parameter parameter(String name, JsonNode schema, boolean required) {
        String need = required
                ? "required"
                : schema.has("default") ? "default " + schema.path("default").asText() : "optional";
        return new Parameter(
                name,
                schema.path("type").asText("any").toUpperCase(Locale.ROOT),
                schema.path("description").asText(),
                need);
    }
}
