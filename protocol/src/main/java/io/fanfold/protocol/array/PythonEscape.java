package io.fanfold.protocol.array;

/** The escapes of Python's string literals, all but {@code \N{name}}. */
final class PythonEscape {
    private PythonEscape() {}

    /** Appends what the escape at {@code at} (its backslash) means and returns where the text goes on. */
    static int read(String text, int at, StringBuilder out) {
        char kind = at + 1 < text.length() ? text.charAt(at + 1) : 0;
        return switch (kind) {
            case '\\', '\'', '"' -> plain(kind, at, out);
            case 'n' -> plain('\n', at, out);
            case 'r' -> plain('\r', at, out);
            case 't' -> plain('\t', at, out);
            case 'a' -> plain('\u0007', at, out);
            case 'b' -> plain('\b', at, out);
            case 'f' -> plain('\f', at, out);
            case 'v' -> plain('\u000b', at, out);
            case 'x' -> hex(text, at + 2, 2, out);
            case 'u' -> hex(text, at + 2, 4, out);
            case 'U' -> hex(text, at + 2, 8, out);
            case '0', '1', '2', '3', '4', '5', '6', '7' -> octal(text, at + 1, out);
            default ->
                throw new ArrayFormatException("the escape "
                        + Literal.quote(text.substring(at, Math.min(at + 2, text.length()))) + " is not supported");
        };
    }

    private static int plain(char meaning, int at, StringBuilder out) {
        out.append(meaning);
        return at + 2;
    }

    private static int hex(String text, int start, int digits, StringBuilder out) {
        String number = text.substring(start, Math.min(start + digits, text.length()));
        if (number.length() < digits || !number.chars().allMatch(digit -> Character.digit(digit, 16) >= 0)) {
            throw new ArrayFormatException(
                    "an escape has " + Literal.quote(number) + " for its " + digits + " hex digits");
        }
        long point = Long.parseLong(number, 16);
        if (point > Character.MAX_CODE_POINT) {
            throw new ArrayFormatException("an escape means character " + point + ", which Unicode does not have");
        }
        out.appendCodePoint((int) point);
        return start + digits;
    }

    private static int octal(String text, int start, StringBuilder out) {
        int end = start;
        int point = 0;
        while (end < text.length() && end < start + 3 && text.charAt(end) >= '0' && text.charAt(end) <= '7') {
            point = 8 * point + text.charAt(end++) - '0';
        }
        out.appendCodePoint(point);
        return end;
    }
}
