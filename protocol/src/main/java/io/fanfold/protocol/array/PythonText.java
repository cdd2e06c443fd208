package io.fanfold.protocol.array;

import java.util.Locale;

/**
 * Python's {@code repr} of a string: single quotes unless only single quotes occur inside, escapes for what
 * {@code str.isprintable} calls unprintable. Characters that only one of the two sides' Unicode versions knows may be
 * written escaped by one and plain by the other; both read the same.
 */
final class PythonText {
    private PythonText() {}

    static String repr(String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        StringBuilder out = new StringBuilder(text.length() + 2).append(quote);
        text.codePoints().forEach(point -> append(out, point, quote));
        return out.append(quote).toString();
    }

    private static void append(StringBuilder out, int point, char quote) {
        switch (point) {
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                if (point == quote) {
                    out.append('\\').append(quote);
                } else if (printable(point)) {
                    out.appendCodePoint(point);
                } else {
                    out.append(escape(point));
                }
            }
        }
    }

    private static String escape(int point) {
        String form = point <= 0xff ? "\\x%02x" : point <= 0xffff ? "\\u%04x" : "\\U%08x";
        return String.format(Locale.ROOT, form, point);
    }

    private static boolean printable(int point) {
        return switch ((byte) Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> point == ' ';
            default -> true;
        };
    }
}
