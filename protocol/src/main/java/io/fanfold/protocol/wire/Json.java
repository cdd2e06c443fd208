package io.fanfold.protocol.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** JSON objects read field by field, so that an error names the field, its value and what it should be. Pure. */
final class Json implements Fields {
    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(16)
                            .maxStringLength(1 << 20)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final String where;
    private final JsonNode node;

    private Json(String where, JsonNode node) {
        this.where = where;
        this.node = node;
    }

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static byte[] bytes(ObjectNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static ObjectNode objectOf(Map<String, Object> values) {
        ObjectNode node = object();
        values.forEach((k, v) -> node.set(k, MAPPER.valueToTree(v)));
        return node;
    }

    static Json parse(String where, byte @Nullable [] bytes) {
        if (bytes == null) {
            throw new WireException(where + " is missing");
        }
        try {
            JsonNode node = MAPPER.readTree(bytes);
            if (!node.isObject()) {
                throw new WireException(
                        where + " is not a JSON object: " + shorten(new String(bytes, StandardCharsets.UTF_8)));
            }
            return new Json(where, node);
        } catch (IOException e) {
            throw new WireException(where + " is not JSON: " + shorten(new String(bytes, StandardCharsets.UTF_8)), e);
        }
    }

    @Override
    public String text(String field) {
        JsonNode value = node.path(field);
        if (!value.isTextual()) {
            throw refused(field, "a text");
        }
        return value.textValue();
    }

    Optional<String> optionalText(String field) {
        return has(field) ? Optional.of(text(field)) : Optional.empty();
    }

    @Override
    public long number(String field) {
        JsonNode value = node.path(field);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw refused(field, "a whole number of at least 0");
        }
        return value.longValue();
    }

    @Override
    public int smallNumber(String field) {
        long value = number(field);
        if (value > Integer.MAX_VALUE) {
            throw refused(field, "at most " + Integer.MAX_VALUE);
        }
        return (int) value;
    }

    @Override
    public OptionalLong optionalNumber(String field) {
        return has(field) ? OptionalLong.of(number(field)) : OptionalLong.empty();
    }

    Json inner(String field) {
        JsonNode value = node.path(field);
        if (!value.isObject()) {
            throw refused(field, "an object");
        }
        return new Json(where + "." + field, value);
    }

    boolean has(String field) {
        return node.hasNonNull(field);
    }

    JsonNode raw(String field) {
        return node.path(field);
    }

    /** The fields as texts, whole numbers, numbers and booleans; anything deeper is refused. */
    Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        node.properties().forEach(e -> values.put(e.getKey(), scalar(e.getKey(), e.getValue())));
        return values;
    }

    Object scalar(String field, JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> value.textValue();
            case BOOLEAN -> value.booleanValue();
            case NUMBER ->
                value.isIntegralNumber() && value.canConvertToLong()
                        ? (Object) value.longValue()
                        : (Object) value.doubleValue();
            default -> throw refused(field, "a text, a number or a boolean");
        };
    }

    @Override
    public WireException refused(String field, String wanted) {
        JsonNode value = node.path(field);
        String was = value.isMissingNode() ? "missing" : shorten(value.toString());
        return new WireException(where + ": \"" + shorten(field) + "\" is " + was + "; it must be " + wanted);
    }

    /** Foreign text made fit for one line of an error. */
    static String shorten(String text) {
        String line = text.replaceAll("\\p{Cntrl}", "\uFFFD");
        return line.length() <= 80 ? line : line.substring(0, 77) + "...";
    }
}
