package io.fanfold.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/**
 * A request that is wrong, byte for byte.
 *
 * @param what is wrong with it
 * @param request a character for each byte
 * @param statuses one of which is the answer's
 * @param named what the answer's detail says
 */
record Malformed(String what, String request, Set<Integer> statuses, List<String> named) {
    private static final String HOST = "Host: fanfold\r\nConnection: close\r\n";

    /** A request that is no HTTP perhaps. */
    static Malformed raw(String what, String request, int status, String... named) {
        return new Malformed(what, request, Set.of(status), List.of(named));
    }

    /** A request without a body. */
    static Malformed to(String method, String target, int status, String... named) {
        return raw(
                method + " " + brief(target), method + " " + target + " HTTP/1.1\r\n" + HOST + "\r\n", status, named);
    }

    static Malformed get(String target, int status, String... named) {
        return to("GET", target, status, named);
    }

    /** An array that comes whole, as far as HTTP knows. */
    static Malformed post(String what, String target, String headers, byte[] body, String... named) {
        String head =
                "POST " + target + " HTTP/1.1\r\n" + HOST + headers + "Content-Length: " + body.length + "\r\n\r\n";
        return new Malformed(what, head + new String(body, StandardCharsets.ISO_8859_1), Set.of(400), List.of(named));
    }

    /** The same with another answer than 400. */
    Malformed answered(Integer... others) {
        return new Malformed(what, request, Set.of(others), named);
    }

    static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            try {
                all.write(part);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return all.toByteArray();
    }

    private static String brief(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "... (" + text.length() + ")";
    }

    @Override
    public String toString() {
        return what;
    }
}
