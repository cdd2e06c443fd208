package io.fanfold.producer.source;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Reads a decimal number from ASCII text, as Python's {@code float} does: {@code 1}, {@code -.5}, {@code 2.5e-3}, and {@code nan},
 * {@code inf} or {@code infinity} in any case. It is the nearest double. One thread.
 */
final class Decimal {
    /** Integers up to here, and powers of ten up to {@link #TENS}, are doubles: one operation on two of them rounds once. */
    private static final long EXACT = 1L << 53;

    private static final double[] TENS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };
    private static final int MOST_EXPONENT = 1_000_000_000;
    private static final int LONGEST_NAME = "-infinity".length();

    private double value;

    /** The number that was read last. */
    double value() {
        return value;
    }

    /** Reads one; whether the text is one and nothing else, and a double can hold it. */
    boolean read(byte[] text, int from, int to) {
        int at = from;
        boolean negative = at < to && text[at] == '-';
        if (negative || (at < to && text[at] == '+')) {
            at++;
        }
        long digits = 0;
        int seen = 0;
        int scale = 0;
        boolean point = false;
        for (; at < to; at++) {
            int digit = text[at] - '0';
            if (digit >= 0 && digit <= 9) {
                seen++;
                digits = digits > EXACT ? digits : digits * 10 + digit;
                scale -= point ? 1 : 0;
            } else if (text[at] == '.' && !point) {
                point = true;
            } else {
                break;
            }
        }
        if (seen == 0) {
            return special(text, from, to);
        }
        if (at < to) {
            int exponent = exponent(text, at, to);
            if (exponent == Integer.MIN_VALUE) {
                return false;
            }
            scale += exponent;
        }
        return convert(text, from, to, negative ? -1.0 : 1.0, digits, scale);
    }

    private boolean convert(byte[] text, int from, int to, double sign, long digits, int scale) {
        if (digits <= EXACT && Math.abs(scale) < TENS.length) {
            value = sign * (scale < 0 ? digits / TENS[-scale] : digits * TENS[scale]);
            return true;
        }
        value = Double.parseDouble(text(text, from, to));
        return Double.isFinite(value);
    }

    /** What comes behind the digits; the least int where that is no exponent. */
    private static int exponent(byte[] text, int from, int to) {
        int at = from + 1;
        boolean negative = at < to && text[at] == '-';
        if (negative || (at < to && text[at] == '+')) {
            at++;
        }
        if ((text[from] != 'e' && text[from] != 'E') || at == to) {
            return Integer.MIN_VALUE;
        }
        int exponent = 0;
        for (; at < to; at++) {
            int digit = text[at] - '0';
            if (digit < 0 || digit > 9) {
                return Integer.MIN_VALUE;
            }
            exponent = exponent >= MOST_EXPONENT / 10 ? exponent : exponent * 10 + digit;
        }
        return negative ? -exponent : exponent;
    }

    private boolean special(byte[] text, int from, int to) {
        if (to - from > LONGEST_NAME) {
            return false;
        }
        String name = text(text, from, to).toLowerCase(Locale.ROOT);
        switch (name) {
            case "nan", "+nan", "-nan" -> value = Double.NaN;
            case "inf", "+inf", "infinity", "+infinity" -> value = Double.POSITIVE_INFINITY;
            case "-inf", "-infinity" -> value = Double.NEGATIVE_INFINITY;
            default -> {
                return false;
            }
        }
        return true;
    }

    private static String text(byte[] text, int from, int to) {
        return new String(text, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
