package io.fanfold.protocol.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A JSON object of plain texts and whole numbers in its shortest form, as most headers of chunks and outcomes are: read in place, since
 * there is one for every chunk. What has any other form, or lacks what it should have, is {@link Json}'s to read and to refuse. Pure.
 */
final class FlatJson implements Fields {
    private static final int MOST_FIELDS = 8;
    /** Longer numbers may be more than a long. */
    private static final int MOST_DIGITS = 18;

    private final String where;
    private final byte[] bytes;
    /** Of each field: where its name begins and ends, where its value does, and its value where that is a number, else -1. */
    private final int[] nameFrom = new int[MOST_FIELDS];

    private final int[] nameTo = new int[MOST_FIELDS];
    private final int[] valueFrom = new int[MOST_FIELDS];
    private final int[] valueTo = new int[MOST_FIELDS];
    private final long[] number = new long[MOST_FIELDS];
    private int fields;
    private int at;

    private FlatJson(String where, byte[] bytes) {
        this.where = where;
        this.bytes = bytes;
    }

    /** Empty where it has another form. */
    static Optional<FlatJson> of(String where, byte[] bytes) {
        FlatJson flat = new FlatJson(where, bytes);
        return flat.understood() ? Optional.of(flat) : Optional.empty();
    }

    private boolean understood() {
        if (!take('{')) {
            return false;
        }
        do {
            if (fields == MOST_FIELDS || !member()) {
                return false;
            }
        } while (take(','));
        return take('}') && at == bytes.length;
    }

    private boolean member() {
        nameFrom[fields] = at + 1;
        if (!text()) {
            return false;
        }
        nameTo[fields] = at - 1;
        if (!take(':')) {
            return false;
        }
        number[fields] = -1;
        valueFrom[fields] = at + 1;
        boolean quoted = at < bytes.length && bytes[at] == '"';
        boolean is = quoted ? text() : number();
        valueTo[fields] = at - 1;
        fields++;
        return is && !namedTwice();
    }

    private boolean take(char c) {
        boolean there = at < bytes.length && bytes[at] == c;
        at += there ? 1 : 0;
        return there;
    }

    /** Between quotes, printable ASCII without escapes. */
    private boolean text() {
        if (!take('"')) {
            return false;
        }
        while (at < bytes.length && bytes[at] >= ' ' && bytes[at] < 0x7f && bytes[at] != '"' && bytes[at] != '\\') {
            at++;
        }
        return take('"');
    }

    private boolean number() {
        int from = at;
        long value = 0;
        for (; at < bytes.length && bytes[at] >= '0' && bytes[at] <= '9' && at - from < MOST_DIGITS; at++) {
            value = 10 * value + (bytes[at] - '0');
        }
        number[fields] = value;
        return at > from && (bytes[from] != '0' || at == from + 1);
    }

    private boolean namedTwice() {
        int last = fields - 1;
        for (int i = 0; i < last; i++) {
            if (Arrays.equals(bytes, nameFrom[i], nameTo[i], bytes, nameFrom[last], nameTo[last])) {
                return true;
            }
        }
        return false;
    }

    private int find(String field) {
        for (int i = 0; i < fields; i++) {
            if (nameTo[i] - nameFrom[i] == field.length() && named(i, field)) {
                return i;
            }
        }
        return -1;
    }

    private boolean named(int i, String field) {
        for (int c = 0; c < field.length(); c++) {
            if (bytes[nameFrom[i] + c] != field.charAt(c)) {
                return false;
            }
        }
        return true;
    }

    private String string(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.US_ASCII);
    }

    private Json whole() {
        return Json.parse(where, bytes);
    }

    @Override
    public String text(String field) {
        int i = find(field);
        return i >= 0 && number[i] < 0 ? string(valueFrom[i], valueTo[i]) : whole().text(field);
    }

    @Override
    public long number(String field) {
        int i = find(field);
        return i >= 0 && number[i] >= 0 ? number[i] : whole().number(field);
    }

    @Override
    public int smallNumber(String field) {
        long value = number(field);
        return value <= Integer.MAX_VALUE ? (int) value : whole().smallNumber(field);
    }

    @Override
    public OptionalLong optionalNumber(String field) {
        return find(field) >= 0 ? OptionalLong.of(number(field)) : OptionalLong.empty();
    }

    @Override
    public WireException refused(String field, String wanted) {
        return whole().refused(field, wanted);
    }
}
