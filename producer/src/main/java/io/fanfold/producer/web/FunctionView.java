package io.fanfold.producer.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.FunctionOffer;
import io.fanfold.protocol.wire.Parameter;
import io.fanfold.protocol.wire.Strategy;
import io.micronaut.core.annotation.Introspected;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A function as HTTP tells it.
 *
 * @param pool the workers that have it
 * @param function its name and its version
 * @param about one line for a person
 * @param shapes what becomes of a chunk's shape
 * @param dtypes the dtype of the answer for each dtype taken
 * @param parameters a JSON Schema
 * @param strategies how a worker can run it
 */
@Introspected
@JsonInclude(JsonInclude.Include.ALWAYS)
record FunctionView(
        String pool,
        String function,
        String name,
        String version,
        String about,
        String shapes,
        Map<String, String> dtypes,
        Map<String, Object> parameters,
        List<String> strategies) {
    static FunctionView of(FunctionOffer offer) {
        FunctionDescription f = offer.function();
        return new FunctionView(
                offer.pool(),
                f.id().toString(),
                f.id().name(),
                f.id().version(),
                f.about(),
                f.shapes(),
                f.dtypes(),
                schema(f.parameters()),
                f.strategies().stream().map(Strategy::wire).toList());
    }

    private static Map<String, Object> schema(List<Parameter> parameters) {
        Map<String, Object> properties = new LinkedHashMap<>();
        parameters.forEach(p -> properties.put(p.name(), schema(p)));
        return Map.of(
                "type",
                "object",
                "properties",
                properties,
                "required",
                parameters.stream()
                        .filter(Parameter::required)
                        .map(Parameter::name)
                        .toList(),
                "additionalProperties",
                false);
    }

    private static Map<String, Object> schema(Parameter p) {
        Map<String, Object> schema = new LinkedHashMap<>();
        if (p.type() != Parameter.Type.ANY) {
            schema.put("type", p.type().name().toLowerCase(Locale.ROOT));
        }
        p.minimum().ifPresent(least -> schema.put("minimum", least));
        p.maximum().ifPresent(most -> schema.put("maximum", most));
        p.fallback().ifPresent(value -> schema.put("default", value));
        schema.put("description", p.about());
        return schema;
    }
}
