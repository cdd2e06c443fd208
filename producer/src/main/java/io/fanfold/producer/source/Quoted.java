package io.fanfold.producer.source;

import java.nio.charset.StandardCharsets;

/** Foreign text made fit for one line of an error. */
final class Quoted {
    private static final int MOST = 40;

    private Quoted() {}

    static String of(String text) {
        String line = text.replaceAll("\\p{Cntrl}", "\uFFFD");
        return '"' + (line.length() <= MOST ? line : line.substring(0, MOST - 3) + "...") + '"';
    }

    static String of(byte[] text, int from, int to) {
        int length = Math.min(to - from, 4 * MOST);
        return of(new String(text, from, length, StandardCharsets.UTF_8));
    }
}
