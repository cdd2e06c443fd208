package io.fanfold.worker.process;

import com.fasterxml.jackson.databind.JsonNode;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.protocol.wire.Parameter;
import io.fanfold.protocol.wire.Strategy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a child says of its function when it is asked to describe it. */
final class Described {
    /** The environment variable that asks a child to describe its function and to end, instead of serving. */
    static final String VARIABLE = "FANFOLD_DESCRIBE";

    private final JsonNode json;

    private Described(JsonNode json) {
        this.json = json;
    }

    /** What a program printed, if it is a JSON object. */
    static Optional<Described> in(String output) {
        try {
            JsonNode json = Head.MAPPER.readTree(output);
            return json.isObject() ? Optional.of(new Described(json)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    Optional<String> text(String field) {
        JsonNode value = json.path(field);
        return value.isTextual() && !value.asText().isBlank() ? Optional.of(value.asText()) : Optional.empty();
    }

    /**
     * The description of a function that takes and answers whatever it likes.
     *
     * @param about where the child says nothing
     */
    FunctionDescription function(FunctionId id, String about) {
        return function(id, text("about").orElse(about), parameters());
    }

    static FunctionDescription function(FunctionId id, String about, List<Parameter> parameters) {
        return new FunctionDescription(
                id,
                about,
                FunctionDescription.ANY,
                Map.of(FunctionDescription.ANY, FunctionDescription.ANY),
                parameters,
                EnumSet.of(Strategy.AUTO, Strategy.PROCESSES));
    }

    private List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>();
        json.path("parameters").forEach(p -> parameters.add(parameter(p)));
        return parameters;
    }

    private static Parameter parameter(JsonNode p) {
        Optional<Object> fallback = scalar(p.path("default"));
        return new Parameter(
                p.path("name").asText(),
                type(p.path("type").asText()),
                Optional.empty(),
                Optional.empty(),
                fallback,
                fallback.isEmpty() && p.path("optional").asBoolean(),
                p.path("about").asText("no description"));
    }

    private static Parameter.Type type(String name) {
        try {
            return Parameter.Type.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            return Parameter.Type.ANY;
        }
    }

    private static Optional<Object> scalar(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> Optional.of(value.textValue());
            case BOOLEAN -> Optional.of(value.booleanValue());
            case NUMBER ->
                Optional.of(value.isIntegralNumber() ? (Object) value.longValue() : (Object) value.doubleValue());
            default -> Optional.empty();
        };
    }
}
