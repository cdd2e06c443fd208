package io.fanfold.protocol.array;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads one Python literal by recursive descent, from left to right, without evaluating anything. Used once. */
final class LiteralParser {
    private static final int MAX_DEPTH = 64;

    private final String text;
    private int at;
    private int depth;

    LiteralParser(String text) {
        this.text = text;
    }

    Literal parse() {
        Literal value = value();
        if (at < text.length()) {
            throw unexpected("the end");
        }
        return value;
    }

    /** The value that starts here, and the white space after it. */
    private Literal value() {
        skipSpace();
        Literal value = switch (peek()) {
            case '\'', '"' -> new Literal.Text(string());
            case '(' -> tuple();
            case '[' -> new Literal.Sequence(items('[', ']').items());
            case '{' -> dict();
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> whole();
            default -> word();
        };
        skipSpace();
        return value;
    }

    private record Items(List<Literal> items, boolean endsInComma) {}

    private Items items(char open, char close) {
        enter(open);
        List<Literal> items = new ArrayList<>();
        boolean comma = false;
        while (peek() != close) {
            if (!items.isEmpty() && !comma) {
                throw unexpected("',' or '" + close + "'");
            }
            items.add(value());
            comma = skip(',');
        }
        leave();
        return new Items(items, comma);
    }

    /** A parenthesis is a tuple, or, around one value without a comma, that value. */
    private Literal tuple() {
        Items items = items('(', ')');
        return items.items().size() == 1 && !items.endsInComma()
                ? items.items().getFirst()
                : new Literal.Tuple(items.items());
    }

    private Literal dict() {
        enter('{');
        Map<String, Literal> entries = new HashMap<>();
        boolean comma = true;
        while (peek() != '}') {
            if (!comma) {
                throw unexpected("',' or '}'");
            }
            entry(entries);
            comma = skip(',');
        }
        leave();
        return new Literal.Dict(entries);
    }

    private void entry(Map<String, Literal> entries) {
        Literal literal = value();
        if (!(literal instanceof Literal.Text(String key))) {
            throw new ArrayFormatException("a dict has the key " + literal.brief() + ", not a string");
        }
        if (!skip(':')) {
            throw unexpected("':'");
        }
        if (entries.put(key, value()) != null) {
            throw new ArrayFormatException("the key " + Literal.quote(key) + " stands twice in a dict");
        }
    }

    private void enter(char open) {
        if (++depth > MAX_DEPTH) {
            throw new ArrayFormatException("values are nested deeper than " + MAX_DEPTH + " levels");
        }
        skip(open);
    }

    private void leave() {
        depth--;
        at++;
    }

    private Literal whole() {
        int start = at;
        skipDigits();
        String digits = text.substring(start, at);
        if (peek() == 'L') {
            at++; // Python 2 wrote 10L
        }
        try {
            return new Literal.Whole(Long.parseLong(digits));
        } catch (NumberFormatException e) {
            throw new ArrayFormatException(Literal.quote(digits) + " is no integer of 64 bits", e);
        }
    }

    private void skipDigits() {
        do {
            at++;
        } while (peek() >= '0' && peek() <= '9');
    }

    private Literal word() {
        int start = at;
        while (Character.isLetter(peek())) {
            at++;
        }
        return switch (text.substring(start, at)) {
            case "True" -> new Literal.Flag(true);
            case "False" -> new Literal.Flag(false);
            case "None" -> new Literal.None();
            default -> {
                at = start;
                throw unexpected("a string, integer, True, False, None, tuple, list or dict");
            }
        };
    }

    private String string() {
        StringBuilder out = new StringBuilder();
        char quote = text.charAt(at++);
        while (peek() != quote) {
            if (at >= text.length() || peek() == '\n') {
                throw unexpected("the closing " + quote + " of a string");
            }
            if (peek() == '\\') {
                at = PythonEscape.read(text, at, out);
            } else {
                out.append(text.charAt(at++));
            }
        }
        at++;
        return out.toString();
    }

    private boolean skip(char expected) {
        boolean there = peek() == expected;
        if (there) {
            at++;
            skipSpace();
        }
        return there;
    }

    private void skipSpace() {
        while (peek() == ' ' || peek() == '\n' || peek() == '\t' || peek() == '\r') {
            at++;
        }
    }

    /** The next character, or 0 (which no literal holds) at the end. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private ArrayFormatException unexpected(String wanted) {
        String found = at < text.length() ? Literal.quote(text.substring(at)) : "the end";
        return new ArrayFormatException("expected " + wanted + " at character " + at + ", found " + found);
    }
}
