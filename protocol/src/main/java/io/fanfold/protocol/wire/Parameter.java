package io.fanfold.protocol.wire;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One parameter of a function.
 *
 * @param minimum smallest number allowed
 * @param fallback the value where none is given; a parameter without one is required, unless it is {@code optional}
 * @param optional may be left out though it has no fallback
 * @param about one line for a person, with the unit
 */
public record Parameter(
        String name, Type type, Optional<Double> minimum, Optional<Object> fallback, boolean optional, String about) {
    private static final Pattern DECIMAL = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,3})?");

    /** JSON Schema's words for the types of a parameter; {@code ANY} is a schema without a type: any scalar. */
    public enum Type {
        INTEGER,
        NUMBER,
        STRING,
        BOOLEAN,
        ANY;

        String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public static Parameter required(String name, Type type, String about) {
        return new Parameter(name, type, Optional.empty(), Optional.empty(), false, about);
    }

    public static Parameter optional(String name, Type type, String about) {
        return new Parameter(name, type, Optional.empty(), Optional.empty(), true, about);
    }

    public static Parameter withDefault(String name, Type type, Object fallback, String about) {
        return new Parameter(name, type, Optional.empty(), Optional.of(fallback), false, about);
    }

    public Parameter atLeast(double least) {
        return new Parameter(name, type, Optional.of(least), fallback, optional, about);
    }

    /** Whether a job that leaves it out is refused. */
    public boolean required() {
        return fallback.isEmpty() && !optional;
    }

    /** The value in this parameter's own type, from JSON or from the text of a command line. */
    Object resolve(String function, Object given) {
        Object value = convert(function, given);
        if (value instanceof Number n && minimum.isPresent() && !(n.doubleValue() >= minimum.get())) {
            throw refused(function, given, "at least " + plain(minimum.get()));
        }
        return value;
    }

    private Object convert(String function, Object given) {
        String text = given.toString();
        try {
            return switch (type) {
                case INTEGER -> given instanceof Double d ? exactLong(d) : Long.valueOf(text);
                case NUMBER -> number(given, text);
                case STRING -> text;
                case BOOLEAN -> bool(text);
                case ANY -> any(given, text);
            };
        } catch (IllegalArgumentException e) {
            throw refused(function, given, wanted());
        }
    }

    /** A number keeps its wholeness, as in Python: {@code 2} and {@code 2.0} scale an integer array differently. */
    private static Object number(Object given, String text) {
        if (given instanceof Long || text.matches("[+-]?\\d{1,18}")) {
            return Long.valueOf(text);
        }
        double d = Double.parseDouble(text);
        if (!Double.isFinite(d)) {
            throw new IllegalArgumentException();
        }
        return d;
    }

    /** What a text is by its form, since a command line knows nothing but texts. */
    private static Object any(Object given, String text) {
        if (given instanceof Boolean || text.equals("true") || text.equals("false")) {
            return bool(text);
        }
        return given instanceof Number || DECIMAL.matcher(text).matches() ? number(given, text) : text;
    }

    private static Long exactLong(double d) {
        if (d != Math.rint(d) || Math.abs(d) > 1L << 53) {
            throw new IllegalArgumentException();
        }
        return (long) d;
    }

    private static Boolean bool(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException();
        };
    }

    private String wanted() {
        return switch (type) {
            case INTEGER -> "an integer";
            case NUMBER, STRING, BOOLEAN -> "a " + type.wire();
            case ANY -> "a number that a double can hold, a text, true or false";
        };
    }

    private WireException refused(String function, Object given, String wanted) {
        return new WireException(function + ": parameter " + name + " is \"" + Json.shorten(given.toString())
                + "\"; it must be " + wanted + " (" + about + ")");
    }

    private static String plain(double d) {
        return d == Math.rint(d) ? Long.toString((long) d) : Double.toString(d);
    }
}
