package io.fanfold.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fanfold.producer.client.Letter;
import io.fanfold.protocol.array.ArrayFormatException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.DeadLetter;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;

/** Dead letters as texts. What they say was written by others: control characters are shown, not obeyed. */
final class LetterText {
    private static final ObjectMapper JSON = new ObjectMapper();

    private LetterText() {}

    /** Fit for one line of a terminal. */
    static String plain(String text) {
        return text.replaceAll("\\p{Cntrl}", "\uFFFD");
    }

    /** The last part of an exception's type; a record that is no chunk has none. */
    static String error(Letter letter) {
        String error = letter.failure().map(f -> f.error()).orElse("-");
        return plain(error.substring(error.lastIndexOf('.') + 1));
    }

    static String chunk(Letter letter) {
        return letter.chunk().isPresent() ? Long.toString(letter.chunk().getAsLong()) : "-";
    }

    /** Where the record was read. */
    static String origin(DeadLetter why) {
        return plain(why.topic()) + ", partition " + why.partition() + ", offset " + why.offset();
    }

    /** What the value is: bytes, and dtype and shape where it is an array. */
    static String value(Letter letter) {
        Optional<ByteBuffer> value = letter.value();
        if (value.isEmpty()) {
            return letter.why().whole() ? "none" : "not here: too large, it lies where it was read";
        }
        String bytes = value.get().remaining() + " bytes, ";
        try {
            ArraySlice array = array(value.get());
            return bytes + array.dtype().name() + " " + array.shape();
        } catch (ArrayFormatException e) {
            return bytes + "no array: " + plain(e.getMessage());
        }
    }

    private static ArraySlice array(ByteBuffer value) {
        return Npy.decode(MemorySegment.ofBuffer(value), "the value");
    }

    /** One line of JSON for a program: what {@code list} shows, with nothing cut. */
    static ObjectNode json(Letter letter) {
        DeadLetter why = letter.why();
        ObjectNode o = JSON.createObjectNode().put("id", letter.id());
        o.put("time", letter.time().toString());
        letter.job().ifPresent(job -> o.put("job", job.value()));
        letter.chunk().ifPresent(chunk -> o.put("chunk", chunk));
        letter.function().ifPresent(function -> o.put("function", function));
        letter.failure().ifPresent(f -> o.put("error", f.error()).put("start", f.start()));
        o.put("reason", why.reason());
        why.outcome()
                .ifPresent(failed -> o.put("attempts", failed.attempt())
                        .put("worker", failed.failure().worker()));
        o.put("topic", why.topic()).put("partition", why.partition()).put("offset", why.offset());
        return o.put("whole", why.whole());
    }

    /** The same with key, headers and what the value is. */
    static ObjectNode wholeJson(Letter letter) {
        ObjectNode o = json(letter);
        letter.key().ifPresent(key -> o.put("key", key));
        ArrayNode headers = o.putArray("headers");
        for (Map.Entry<String, String> header : letter.headers()) {
            headers.addObject().put("name", header.getKey()).put("value", header.getValue());
        }
        letter.value().ifPresent(value -> {
            o.put("bytes", value.remaining());
            try {
                ArraySlice array = array(value);
                o.put("dtype", array.dtype().descr()).put("shape", array.shape().toString());
            } catch (ArrayFormatException e) {
                o.put("noArray", e.getMessage());
            }
        });
        return o;
    }

    static String line(ObjectNode node) {
        try {
            return JSON.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
