package io.fanfold.protocol.wire;

import io.fanfold.protocol.wire.Submission.Payload;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Reads submissions. Of headers of one name the last counts; those that are not Fanfold's are passed over. Pure. */
final class SubmissionRecord {
    private static final String OURS = "fanfold-";
    private static final String WIRE = "fanfold-wire";
    private static final String KEY = "fanfold-key";
    private static final String DTYPE = "fanfold-dtype";
    private static final String DEAD_LETTER = "fanfold-dead-letter";
    private static final String PARAMETER = "fanfold-param-";
    private static final String CONTENT_TYPE = "content-type";
    private static final int LONGEST_KEY = 256;

    private SubmissionRecord() {}

    static Submission read(ConsumerRecord<byte[], byte[]> record) {
        Map<String, String> options = new HashMap<>();
        Map<String, String> parameters = new HashMap<>();
        for (Header header : record.headers()) {
            String name = header.key();
            if (name.startsWith(PARAMETER)) {
                parameters.put(name.substring(PARAMETER.length()), text(header));
            } else if (name.startsWith(OURS) && !name.equals(DEAD_LETTER)) {
                options.put(name.substring(OURS.length()), text(header));
            }
        }
        requireWire(Optional.ofNullable(options.remove(WIRE.substring(OURS.length()))));
        Optional<String> key = Optional.ofNullable(options.remove(KEY.substring(OURS.length())));
        Optional<String> dtype = Optional.ofNullable(options.remove(DTYPE.substring(OURS.length())));
        Payload payload = payload(record);
        if (dtype.isPresent() && !(payload instanceof Payload.JsonArray)) {
            throw new WireException(DTYPE + " goes with an array in JSON: a .npy value says its dtype itself");
        }
        return new Submission(key.orElse(place(record)), options, parameters, dtype, payload);
    }

    /** The key of a record that need not be a submission: one that anybody can be told. */
    static String key(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader(KEY);
        return Optional.ofNullable(header)
                .map(Header::value)
                .filter(value -> value.length <= LONGEST_KEY)
                .map(value -> new String(value, StandardCharsets.UTF_8))
                .filter(key -> !key.isBlank() && key.chars().noneMatch(Character::isISOControl))
                .orElse(place(record));
    }

    private static String place(ConsumerRecord<byte[], byte[]> record) {
        return record.topic() + "-" + record.partition() + "-" + record.offset();
    }

    private static void requireWire(Optional<String> wire) {
        if (!wire.orElse("1").equals("1")) {
            throw new WireException(WIRE + " is \"" + Json.shorten(wire.orElseThrow())
                    + "\"; this role reads version 1, which is meant where the header is left out");
        }
    }

    private static Payload payload(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value();
        if (value == null) {
            throw new WireException("the submission has no value: it must be an array");
        }
        Header header = record.headers().lastHeader(CONTENT_TYPE);
        String type = header == null ? "" : mediaType(text(header));
        return switch (type) {
            case "", "application/octet-stream", "application/x-npy" -> new Payload.Npy(ByteBuffer.wrap(value));
            case "application/json" -> json(value);
            default ->
                throw new WireException(CONTENT_TYPE + " is \"" + Json.shorten(type)
                        + "\"; it must be application/json, or application/x-npy, which may be left out");
        };
    }

    private static String mediaType(String contentType) {
        int parameters = contentType.indexOf(';');
        return (parameters < 0 ? contentType : contentType.substring(0, parameters))
                .strip()
                .toLowerCase(Locale.ROOT);
    }

    private static Payload json(byte[] value) {
        return firstOf(value) == '{'
                ? new Payload.Elsewhere(Json.parse("the submission", value).text("uri"))
                : new Payload.JsonArray(ByteBuffer.wrap(value));
    }

    /** The first byte that is not blank; 0 if there is none. */
    private static byte firstOf(byte[] text) {
        for (byte b : text) {
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return b;
            }
        }
        return 0;
    }

    private static String text(Header header) {
        byte[] value = header.value();
        if (value == null || value.length > Records.LONGEST_HEADER_BYTES) {
            throw new WireException("header " + Json.shorten(header.key()) + " has "
                    + (value == null
                            ? "no value"
                            : value.length + " bytes; it may have " + Records.LONGEST_HEADER_BYTES));
        }
        return new String(value, StandardCharsets.UTF_8);
    }
}
