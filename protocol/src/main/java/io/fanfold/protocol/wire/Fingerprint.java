package io.fanfold.protocol.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.array.Shape;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was asked for, in one digest, so that the same key with another request is seen. It is the same in every version and every
 * language: SHA-256, as 64 hexadecimal digits, of a JSON text in UTF-8 without spaces, its fields sorted by name.
 *
 * <pre>{@code
 * {"dtype":"<f8","fold":"concat","function":"scale@1","parameters":{"factor":2},"plan":{"axis":0,"chunks":8},"shape":[100,3]}
 * }</pre>
 */
public final class Fingerprint {
    private Fingerprint() {}

    /**
     * The digest of a request.
     *
     * @param parameters resolved
     */
    public static String of(
            FunctionId function, Map<String, Object> parameters, Fold fold, DType dtype, Shape shape, Plan plan) {
        ObjectNode o = Json.object();
        o.put("dtype", dtype.descr()).put("fold", fold.name()).put("function", function.toString());
        o.set("parameters", Json.objectOf(new TreeMap<>(parameters)));
        o.set("plan", JobJson.write(plan));
        ArrayNode lengths = o.putArray("shape");
        for (long length : shape.dims()) {
            lengths.add(length);
        }
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Json.bytes(o)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
