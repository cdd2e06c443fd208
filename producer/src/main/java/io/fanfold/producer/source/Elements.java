package io.fanfold.producer.source;

import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.DType.Kind;
import io.fanfold.protocol.array.Numbers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The elements of one dtype, made of their texts in ASCII. One thread. */
final class Elements {
    private static final long TENTH = Long.divideUnsigned(-1, 10);

    private final DType dtype;
    private final Decimal decimal = new Decimal();
    private final long most;
    private final long least;

    /** @param dtype one of {@link NumberType}; otherwise it is refused */
    Elements(DType dtype) {
        this.dtype = NumberType.require(dtype);
        int bits = 8 * dtype.itemSize();
        boolean signed = dtype.kind() == Kind.INT;
        this.most = -1L >>> (Long.SIZE - bits + (signed ? 1 : 0));
        this.least = signed ? most + 1 : 0;
    }

    DType dtype() {
        return dtype;
    }

    /** Puts the element that a text says; whether it says one. The buffer's order is the dtype's. */
    boolean put(byte[] text, int from, int to, ByteBuffer into, int at) {
        return switch (dtype.kind()) {
            case FLOAT -> decimal.read(text, from, to) && putFloat(decimal.value(), into, at);
            case INT, UINT -> putWhole(text, from, to, into, at);
            default -> putBool(text, from, to, into, at);
        };
    }

    /** Whether the dtype has it: rounding to it must not make an infinity. */
    private boolean putFloat(double value, ByteBuffer into, int at) {
        float single = switch (dtype.itemSize()) {
            case Double.BYTES -> {
                into.putDouble(at, value);
                yield 0;
            }
            case Float.BYTES -> {
                into.putFloat(at, (float) value);
                yield (float) value;
            }
            default -> {
                float half = Numbers.nearestHalf(value);
                into.putShort(at, Float.floatToFloat16(half));
                yield half;
            }
        };
        return !Float.isInfinite(single) || Double.isInfinite(value);
    }

    private boolean putWhole(byte[] text, int from, int to, ByteBuffer into, int at) {
        boolean negative = from < to && text[from] == '-';
        int start = negative || (from < to && text[from] == '+') ? from + 1 : from;
        if (start == to) {
            return false;
        }
        long size = 0;
        for (int i = start; i < to; i++) {
            int digit = text[i] - '0';
            long next = size * 10 + digit;
            boolean fits = digit >= 0
                    && digit <= 9
                    && Long.compareUnsigned(size, TENTH) <= 0
                    && Long.compareUnsigned(next, digit) >= 0;
            if (!fits) {
                return false;
            }
            size = next;
        }
        if (Long.compareUnsigned(size, negative ? least : most) > 0) {
            return false;
        }
        putBits(negative ? -size : size, into, at);
        return true;
    }

    private void putBits(long value, ByteBuffer into, int at) {
        switch (dtype.itemSize()) {
            case Byte.BYTES -> into.put(at, (byte) value);
            case Short.BYTES -> into.putShort(at, (short) value);
            case Integer.BYTES -> into.putInt(at, (int) value);
            default -> into.putLong(at, value);
        }
    }

    private static boolean putBool(byte[] text, int from, int to, ByteBuffer into, int at) {
        if (to - from > "false".length()) {
            return false;
        }
        switch (new String(text, from, to - from, StandardCharsets.ISO_8859_1)) {
            case "1", "true", "True" -> into.put(at, (byte) 1);
            case "0", "false", "False" -> into.put(at, (byte) 0);
            default -> {
                return false;
            }
        }
        return true;
    }

    /** What a text has to be. */
    String wanted() {
        return switch (dtype.kind()) {
            case FLOAT -> "a number such as -1.5e3, nan or inf";
            case INT, UINT ->
                "a whole number from " + (least == 0 ? "0" : "-" + Long.toUnsignedString(least)) + " to "
                        + Long.toUnsignedString(most);
            default -> "0, 1, true or false";
        };
    }
}
