package io.fanfold.protocol.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** The JSON of the functions topic; parameters are a JSON Schema object. Pure. */
final class OfferJson {
    private OfferJson() {}

    static ObjectNode write(FunctionOffer offer) {
        FunctionDescription f = offer.function();
        ObjectNode o = Json.object();
        o.put("pool", offer.pool()).put("function", f.id().toString());
        o.put("about", f.about()).put("shapes", f.shapes());
        ObjectNode dtypes = o.putObject("dtypes");
        f.dtypes().forEach(dtypes::put);
        ObjectNode schema = o.putObject("parameters").put("type", "object").put("additionalProperties", false);
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = schema.putArray("required");
        for (Parameter p : f.parameters()) {
            properties.set(p.name(), write(p));
            if (p.required()) {
                required.add(p.name());
            }
        }
        ArrayNode strategies = o.putArray("strategies");
        f.strategies().forEach(s -> strategies.add(s.wire()));
        offer.profile().ifPresent(p -> write(p, o.putObject("profile")));
        ArrayNode codecs = o.putArray("codecs");
        offer.codecs().stream().filter(codec -> !codec.equals("none")).forEach(codecs::add);
        return o;
    }

    private static void write(FunctionProfile p, ObjectNode o) {
        o.put("cpuShare", p.cpuShare()).put("wallMs", p.wallMs()).put("samples", p.samples());
        p.nanosPerByte().ifPresent(cost -> o.put("nanosPerByte", cost));
    }

    /** Codecs that are not known here are passed on: somebody else may know them. */
    private static Set<String> codecs(Json j) {
        Set<String> codecs = new HashSet<>();
        if (j.has("codecs")) {
            if (!j.raw("codecs").isArray()) {
                throw j.refused("codecs", "an array of texts, for instance [\"gzip\",\"lz4\"]");
            }
            j.raw("codecs").forEach(codec -> codecs.add(codec.asText()));
        }
        return codecs;
    }

    private static Set<Strategy> strategies(Json j) {
        Set<Strategy> strategies = EnumSet.allOf(Strategy.class);
        if (j.has("strategies")) {
            strategies.clear();
            j.raw("strategies").forEach(s -> strategies.add(Strategy.parse(s.asText())));
            strategies.add(Strategy.AUTO);
        }
        return strategies;
    }

    private static FunctionProfile profile(Json j) {
        return new FunctionProfile(
                j.raw("cpuShare").asDouble(), j.raw("wallMs").asDouble(), j.number("samples"), nanosPerByte(j));
    }

    private static OptionalDouble nanosPerByte(Json profile) {
        if (!profile.has("nanosPerByte")) {
            return OptionalDouble.empty();
        }
        if (!profile.raw("nanosPerByte").isNumber()) {
            throw profile.refused("nanosPerByte", "a number of at least 0");
        }
        return OptionalDouble.of(profile.raw("nanosPerByte").doubleValue());
    }

    private static ObjectNode write(Parameter p) {
        Map<String, Object> values = new LinkedHashMap<>();
        if (p.type() != Parameter.Type.ANY) {
            values.put("type", p.type().wire());
        }
        p.minimum().ifPresent(least -> values.put("minimum", least));
        p.maximum().ifPresent(most -> values.put("maximum", most));
        p.fallback().ifPresent(d -> values.put("default", d));
        values.put("description", p.about());
        return Json.objectOf(values);
    }

    static FunctionOffer offer(Json j) {
        Map<String, String> dtypes = new LinkedHashMap<>();
        j.inner("dtypes").values().forEach((in, out) -> dtypes.put(in, out.toString()));
        return new FunctionOffer(
                j.text("pool"),
                new FunctionDescription(
                        FunctionId.parse(j.text("function")),
                        j.text("about"),
                        j.text("shapes"),
                        dtypes,
                        parameters(j.inner("parameters")),
                        strategies(j)),
                j.has("profile") ? Optional.of(profile(j.inner("profile"))) : Optional.empty(),
                codecs(j));
    }

    private static List<Parameter> parameters(Json schema) {
        List<String> required = new ArrayList<>();
        schema.raw("required").forEach(name -> required.add(name.asText()));
        List<Parameter> parameters = new ArrayList<>();
        Json properties = schema.inner("properties");
        for (Map.Entry<String, JsonNode> e : schema.raw("properties").properties()) {
            Json p = properties.inner(e.getKey());
            Optional<Object> fallback =
                    p.has("default") ? Optional.of(p.scalar("default", p.raw("default"))) : Optional.empty();
            boolean optional = fallback.isEmpty() && !required.contains(e.getKey());
            parameters.add(new Parameter(
                    e.getKey(),
                    type(p),
                    bound(p, "minimum"),
                    bound(p, "maximum"),
                    fallback,
                    optional,
                    p.text("description")));
        }
        return parameters;
    }

    private static Optional<Double> bound(Json p, String name) {
        return p.has(name) ? Optional.of(p.raw(name).asDouble()) : Optional.empty();
    }

    /** A schema without a type takes any scalar. */
    private static Parameter.Type type(Json p) {
        return p.has("type")
                ? Arrays.stream(Parameter.Type.values())
                        .filter(type ->
                                type != Parameter.Type.ANY && type.wire().equals(p.text("type")))
                        .findFirst()
                        .orElseThrow(() -> p.refused("type", "integer, number, string, boolean, or left out"))
                : Parameter.Type.ANY;
    }
}
