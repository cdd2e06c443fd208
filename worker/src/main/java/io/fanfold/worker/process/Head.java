package io.fanfold.worker.process;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.protocol.wire.JobId;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/** The JSON text of a frame: what the child protocol can say. */
sealed interface Head {
    /** The version of the child protocol. */
    int VERSION = 1;

    ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(16).build())
            .build());

    /**
     * From a child: it takes requests.
     *
     * @param concurrent how many at once
     */
    record Ready(int concurrent) implements Head {}

    /** From a child: it will not take requests. */
    record NotReady(String error, String message, String trace) implements Head {}

    /**
     * To a child: compute the chunk in the body.
     *
     * @param measure whether the CPU time is wanted, and nothing else runs in the child meanwhile; only a {@link JavaChild} needs
     *     to be told
     */
    record Request(long id, JobId job, long index, FunctionId function, Map<String, Object> parameters, boolean measure)
            implements Head {}

    /** From a child: the answer is in the body. */
    record Done(long id, OptionalLong cpuNanos) implements Head {}

    /** From a child: the function raised an error. */
    record Failed(long id, String error, String message, String trace, boolean lasting) implements Head {}

    /** This as a JSON text. */
    default byte[] json() {
        ObjectNode o = MAPPER.createObjectNode();
        switch (this) {
            case Ready ready -> o.put("fanfold", VERSION).put("ready", true).put("concurrent", ready.concurrent());
            case NotReady no -> {
                o.put("fanfold", VERSION).put("ready", false);
                o.put("error", no.error()).put("message", no.message()).put("trace", no.trace());
            }
            case Request r -> {
                o.put("id", r.id()).put("job", r.job().value()).put("index", r.index());
                o.put("function", r.function().toString()).set("parameters", MAPPER.valueToTree(r.parameters()));
                if (r.measure()) {
                    o.put("measure", true);
                }
            }
            case Done done -> {
                o.put("id", done.id()).put("ok", true);
                done.cpuNanos().ifPresent(nanos -> o.put("cpuNs", nanos));
            }
            case Failed f -> {
                o.put("id", f.id()).put("ok", false).put("error", f.error()).put("message", f.message());
                o.put("trace", f.trace()).put("lasting", f.lasting());
            }
        }
        try {
            return MAPPER.writeValueAsBytes(o);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Understands a JSON text. */
    static Head parse(byte[] json) throws NoFrameException {
        JsonNode o;
        try {
            o = MAPPER.readTree(json);
        } catch (IOException e) {
            throw NoFrameException.of(json);
        }
        if (o.has("fanfold")) {
            return hello(o);
        } else if (o.path("ok").isBoolean() && o.path("id").isIntegralNumber()) {
            return answer(o);
        } else if (o.has("function")) {
            return request(o);
        }
        throw NoFrameException.of(json);
    }

    private static Head hello(JsonNode o) throws NoFrameException {
        if (o.path("fanfold").asInt() != VERSION) {
            throw new NoFrameException("speaks version " + o.path("fanfold").asText()
                    + " of the child protocol, this worker speaks " + VERSION);
        }
        return o.path("ready").asBoolean()
                ? new Ready(o.path("concurrent").asInt(1))
                : new NotReady(text(o, "error", "Error"), text(o, "message", ""), text(o, "trace", ""));
    }

    private static Head answer(JsonNode o) {
        long id = o.path("id").longValue();
        if (!o.path("ok").booleanValue()) {
            boolean lasting = o.path("lasting").asBoolean();
            return new Failed(id, text(o, "error", "Error"), text(o, "message", ""), text(o, "trace", ""), lasting);
        }
        long cpu = o.path("cpuNs").asLong(-1);
        return new Done(id, cpu < 0 ? OptionalLong.empty() : OptionalLong.of(cpu));
    }

    private static Head request(JsonNode o) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        o.path("parameters").properties().forEach(p -> parameters.put(p.getKey(), scalar(p.getValue())));
        return new Request(
                o.path("id").longValue(),
                new JobId(o.path("job").asText()),
                o.path("index").longValue(),
                FunctionId.parse(o.path("function").asText()),
                parameters,
                o.path("measure").asBoolean());
    }

    private static Object scalar(JsonNode value) {
        if (value.isNumber()) {
            return value.isIntegralNumber() ? (Object) value.longValue() : (Object) value.doubleValue();
        }
        return value.isBoolean() ? (Object) value.booleanValue() : value.asText();
    }

    private static String text(JsonNode o, String field, String fallback) {
        return o.path(field).asText(fallback);
    }
}
