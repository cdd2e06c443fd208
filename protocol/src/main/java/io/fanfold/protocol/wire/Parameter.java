package io.fanfold.protocol.wire;

import java.math.BigInteger;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One parameter of a function. A function declares it, and reads it from a job's parameters by the same object.
 *
 * @param minimum smallest number allowed
 * @param maximum largest number allowed
 * @param fallback the value where none is given; a parameter without one is required, unless it is {@code optional}
 * @param optional may be left out though it has no fallback
 * @param about one line for a person, with the unit
 */
public record Parameter(
        String name,
        Type type,
        Optional<Double> minimum,
        Optional<Double> maximum,
        Optional<Object> fallback,
        boolean optional,
        String about) {
    /** JSON Schema's words for the types of a parameter. */
    public enum Type {
        INTEGER,
        NUMBER,
        STRING,
        BOOLEAN,
        /** Whatever of the others it looks like: {@code 2}, {@code 2.5}, {@code true}, {@code fast}; no word in a schema. */
        ANY;

        String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final Pattern WHOLE = Pattern.compile("[+-]?\\d{1,19}");
    private static final Pattern JSON_NUMBER = Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?");

    public static Parameter required(String name, Type type, String about) {
        return new Parameter(name, type, Optional.empty(), Optional.empty(), Optional.empty(), false, about);
    }

    public static Parameter optional(String name, Type type, String about) {
        return new Parameter(name, type, Optional.empty(), Optional.empty(), Optional.empty(), true, about);
    }

    public static Parameter withDefault(String name, Type type, Object fallback, String about) {
        return new Parameter(name, type, Optional.empty(), Optional.empty(), Optional.of(fallback), false, about);
    }

    public Parameter atLeast(double least) {
        return new Parameter(name, type, Optional.of(least), maximum, fallback, optional, about);
    }

    public Parameter atMost(double most) {
        return new Parameter(name, type, minimum, Optional.of(most), fallback, optional, about);
    }

    /** Whether a job that leaves it out is refused. */
    public boolean required() {
        return fallback.isEmpty() && !optional;
    }

    /** Its value among a job's parameters: a Long, Double, String or Boolean; empty where the job leaves it out. */
    public Optional<Object> in(Map<String, ?> parameters) {
        return Optional.ofNullable(parameters.get(name));
    }

    /**
     * Its value as a number.
     *
     * @throws IllegalArgumentException where it is left out, or no number
     */
    public double number(Map<String, ?> parameters) {
        return switch (given(parameters)) {
            case Number n -> n.doubleValue();
            default -> throw isNot(parameters, "a number");
        };
    }

    /**
     * Its value as a whole number.
     *
     * @throws IllegalArgumentException where it is left out, or no whole number
     */
    public long whole(Map<String, ?> parameters) {
        return switch (given(parameters)) {
            case Long n -> n;
            case Integer n -> n;
            default -> throw isNot(parameters, "a whole number");
        };
    }

    /**
     * Its value as text; of numbers and booleans, as they are written.
     *
     * @throws IllegalArgumentException where it is left out
     */
    public String text(Map<String, ?> parameters) {
        return given(parameters).toString();
    }

    /**
     * Its value as a boolean.
     *
     * @throws IllegalArgumentException where it is left out, or neither true nor false
     */
    public boolean flag(Map<String, ?> parameters) {
        return switch (given(parameters)) {
            case Boolean b -> b;
            default -> throw isNot(parameters, "true or false");
        };
    }

    private Object given(Map<String, ?> parameters) {
        return in(parameters)
                .orElseThrow(() -> new IllegalArgumentException("parameter " + name + " is missing (" + about + ")"));
    }

    private IllegalArgumentException isNot(Map<String, ?> parameters, String wanted) {
        return new IllegalArgumentException("parameter " + name + " is \"" + Json.shorten(text(parameters))
                + "\"; it must be " + wanted + " (" + about + ")");
    }

    /** This parameter with its fallback in its own type. */
    Parameter settled(String function) {
        return new Parameter(
                name, type, minimum, maximum, fallback.map(value -> resolve(function, value)), optional, about);
    }

    /** The value in this parameter's own type, as a submitter gives it; of any type, text is what it looks like. */
    Object read(String function, Object given) {
        return resolve(function, type == Type.ANY && given instanceof String text ? byForm(text) : given);
    }

    /** The value in this parameter's own type. What has been resolved resolves to itself; of any type, text stays text. */
    Object resolve(String function, Object given) {
        Object value = convert(function, given);
        if (value instanceof Number n) {
            double number = n.doubleValue();
            if (minimum.isPresent() && !(number >= minimum.get())) {
                throw refused(function, given, "at least " + plain(minimum.get()));
            }
            if (maximum.isPresent() && !(number <= maximum.get())) {
                throw refused(function, given, "at most " + plain(maximum.get()));
            }
        }
        return value;
    }

    private Object convert(String function, Object given) {
        String text = given.toString();
        try {
            return switch (type) {
                case INTEGER -> given instanceof Double d ? exactLong(d) : Long.valueOf(text);
                case NUMBER -> number(text);
                case STRING -> text;
                case BOOLEAN -> bool(text);
                case ANY -> given instanceof Number ? number(text) : given instanceof Boolean ? given : text;
            };
        } catch (IllegalArgumentException e) {
            throw refused(function, given, wanted());
        }
    }

    private String wanted() {
        return switch (type) {
            case INTEGER -> "an integer";
            case NUMBER, STRING, BOOLEAN -> "a " + type.wire();
            case ANY -> "a text, a finite number or a boolean";
        };
    }

    /** A number keeps its wholeness, as in Python: {@code 2} and {@code 2.0} scale an integer array differently. */
    private static Object number(String text) {
        if (WHOLE.matcher(text).matches()) {
            BigInteger whole = new BigInteger(text);
            if (whole.bitLength() < Long.SIZE) {
                return whole.longValue();
            }
        }
        double d = Double.parseDouble(text);
        if (!Double.isFinite(d)) {
            throw new IllegalArgumentException();
        }
        return d;
    }

    /** Text as JSON would read it, where it is a number or a boolean of JSON's; {@code 007} and {@code TRUE} stay text. */
    private static Object byForm(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> isJsonNumber(text) ? number(text) : text;
        };
    }

    private static boolean isJsonNumber(String text) {
        return JSON_NUMBER.matcher(text).matches() && Double.isFinite(Double.parseDouble(text));
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

    private WireException refused(String function, Object given, String wanted) {
        return new WireException(function + ": parameter " + name + " is \"" + Json.shorten(given.toString())
                + "\"; it must be " + wanted + " (" + about + ")");
    }

    private static String plain(double d) {
        return d == Math.rint(d) ? Long.toString((long) d) : Double.toString(d);
    }
}
