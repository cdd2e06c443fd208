package io.fanfold.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a {@code Range} header (RFC 9110, 14.2) asks for of so many bytes. */
sealed interface ByteRange {
    /** All bytes: nothing was asked for, or nothing that is understood, or several ranges at once. */
    record Whole() implements ByteRange {}

    /** The bytes from the first to the last, both included. */
    record Part(long first, long last) implements ByteRange {
        long bytes() {
            return last - first + 1;
        }
    }

    /** Bytes that are not there. */
    record Unsatisfiable() implements ByteRange {}

    Pattern ONE = Pattern.compile("(?i)bytes[ \\t]*=[ \\t,]*(\\d*)-(\\d*)[ \\t,]*");

    static ByteRange of(@Nullable String header, long size) {
        Matcher range = ONE.matcher(header == null ? "" : header);
        if (!range.matches()) {
            return new Whole();
        }
        String first = range.group(1);
        String last = range.group(2);
        if (first.isEmpty()) {
            return last.isEmpty() ? new Whole() : suffix(number(last), size);
        }
        return part(number(first), last.isEmpty() ? Long.MAX_VALUE : number(last), size);
    }

    private static ByteRange suffix(long bytes, long size) {
        if (bytes == 0) {
            return new Unsatisfiable();
        }
        return size == 0 ? new Whole() : new Part(Math.max(0, size - bytes), size - 1);
    }

    private static ByteRange part(long first, long last, long size) {
        if (last < first) {
            return new Whole();
        }
        return first < size ? new Part(first, Math.min(last, size - 1)) : new Unsatisfiable();
    }

    /** Digits; more than there can be bytes are as many as there can be. */
    private static long number(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }
}
