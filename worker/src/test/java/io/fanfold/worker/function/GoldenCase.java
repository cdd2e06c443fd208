package io.fanfold.worker.function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What NumPy made of a chunk: an answer, or none where it raised. */
record GoldenCase(String function, Map<String, Object> parameters, ArraySlice chunk, Optional<ArraySlice> answer) {

    static Stream<GoldenCase> all() {
        try (InputStream json = GoldenCase.class.getResourceAsStream("/functions/golden.json")) {
            JsonNode cases = new ObjectMapper().readTree(Objects.requireNonNull(json, "golden.json"));
            return StreamSupport.stream(cases.spliterator(), false).map(GoldenCase::of);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static GoldenCase of(JsonNode json) {
        Map<String, Object> parameters = new HashMap<>();
        json.get("parameters").properties().forEach(entry -> parameters.put(entry.getKey(), number(entry.getValue())));
        Optional<ArraySlice> answer = Optional.ofNullable(json.get("answer")).map(GoldenCase::array);
        return new GoldenCase(json.get("function").textValue(), parameters, array(json.get("chunk")), answer);
    }

    private static Object number(JsonNode value) {
        if (value.isIntegralNumber()) {
            return value.longValue();
        }
        return value.doubleValue();
    }

    private static ArraySlice array(JsonNode json) {
        long[] dims = StreamSupport.stream(json.get("shape").spliterator(), false)
                .mapToLong(JsonNode::longValue)
                .toArray();
        byte[] data = Base64.getDecoder().decode(json.get("data").textValue());
        return new ArraySlice(
                DType.parse(json.get("dtype").textValue()),
                Shape.of(dims),
                json.get("order").textValue().equals("F") ? Order.FORTRAN : Order.C,
                MemorySegment.ofArray(data));
    }

    @Override
    public String toString() {
        return function + (parameters.isEmpty() ? "" : " " + parameters) + " of "
                + chunk.dtype().descr() + " " + chunk.shape() + " in " + chunk.order() + " order";
    }
}
