package io.fanfold.protocol.array;

import io.fanfold.protocol.array.DType.Kind;
import java.nio.ByteOrder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** NumPy's text of plain dtypes ({@code dtype.str}): byte order, letter, size, and a unit for times. */
final class Descr {
    private static final String SUPPORTED = "convert with x.astype(...) to bool, int8 to 64, uint8 to 64,"
            + " float16 to 64, complex64 or 128, datetime64, timedelta64, S, U, V or a structure of these";
    private static final Pattern PLAIN = Pattern.compile("([<>|=]?)([biufcSUVMm])(\\d{1,10})(\\[[^\\[\\]]*])?");
    private static final Pattern OBJECT = Pattern.compile("[<>|=]?O\\d*|object");
    private static final Pattern LONG_DOUBLE = Pattern.compile("[<>|=]?(f12|f16|c24|c32)");
    private static final Pattern UNIT = Pattern.compile("\\[\\d{0,9}(Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as)]");

    private Descr() {}

    static DType read(Literal descr) {
        return switch (descr) {
            case Literal.Text(String text) -> readPlain(text);
            case Literal.Sequence list -> StructDescr.read(list);
            default ->
                throw new ArrayFormatException("dtype " + descr.brief()
                        + " is neither a string nor a list of fields: write it as NumPy's x.dtype.str or .descr");
        };
    }

    private static DType readPlain(String text) {
        Matcher match = PLAIN.matcher(text);
        if (!match.matches()) {
            throw unsupported(text);
        }
        Kind kind = kind(match.group(2).charAt(0));
        long number = Long.parseLong(match.group(3));
        long itemSize = kind == Kind.UNICODE ? 4 * number : number;
        if (!exists(kind, itemSize)) {
            throw unsupported(text);
        }
        String unit = unit(kind, match.group(4) == null ? "" : match.group(4), text);
        ByteOrder order = match.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        return DType.plain(kind, (int) itemSize, order, unit);
    }

    private static String unit(Kind kind, String unit, String text) {
        boolean time = kind == Kind.DATETIME || kind == Kind.TIMEDELTA;
        if (unit.isEmpty() || (time && unit.equals("[generic]"))) {
            return "";
        }
        if (!time || !UNIT.matcher(unit).matches()) {
            throw new ArrayFormatException("dtype " + Literal.quote(text) + " has the unit " + Literal.quote(unit)
                    + ": datetime64 and timedelta64 have Y, M, W, D, h, m, s, ms, us, ns, ps, fs or as with or without"
                    + " a count, as in [25s]; others have none");
        }
        return unit.startsWith("[1") && !Character.isDigit(unit.charAt(2)) ? "[" + unit.substring(2) : unit;
    }

    static boolean exists(Kind kind, long itemSize) {
        return switch (kind) {
            case BOOL -> itemSize == 1;
            case INT, UINT -> itemSize == 1 || itemSize == 2 || itemSize == 4 || itemSize == 8;
            case FLOAT -> itemSize == 2 || itemSize == 4 || itemSize == 8;
            case COMPLEX -> itemSize == 8 || itemSize == 16;
            case DATETIME, TIMEDELTA -> itemSize == 8;
            case UNICODE -> itemSize >= 0 && itemSize % 4 == 0 && itemSize <= Integer.MAX_VALUE;
            case BYTES, VOID, STRUCT -> itemSize >= 0 && itemSize <= Integer.MAX_VALUE;
        };
    }

    static boolean hasByteOrder(Kind kind, int itemSize) {
        return switch (kind) {
            case INT, UINT -> itemSize > 1;
            case FLOAT, COMPLEX, UNICODE, DATETIME, TIMEDELTA -> true;
            case BOOL, BYTES, VOID, STRUCT -> false;
        };
    }

    static String write(Kind kind, int itemSize, ByteOrder order, String unit) {
        String prefix = !hasByteOrder(kind, itemSize) ? "|" : order == ByteOrder.BIG_ENDIAN ? ">" : "<";
        return prefix + letter(kind) + (kind == Kind.UNICODE ? itemSize / 4 : itemSize) + unit;
    }

    private static char letter(Kind kind) {
        return switch (kind) {
            case BOOL -> 'b';
            case INT -> 'i';
            case UINT -> 'u';
            case FLOAT -> 'f';
            case COMPLEX -> 'c';
            case BYTES -> 'S';
            case UNICODE -> 'U';
            case DATETIME -> 'M';
            case TIMEDELTA -> 'm';
            case VOID, STRUCT -> 'V';
        };
    }

    private static Kind kind(char letter) {
        return switch (letter) {
            case 'b' -> Kind.BOOL;
            case 'i' -> Kind.INT;
            case 'u' -> Kind.UINT;
            case 'f' -> Kind.FLOAT;
            case 'c' -> Kind.COMPLEX;
            case 'S' -> Kind.BYTES;
            case 'U' -> Kind.UNICODE;
            case 'M' -> Kind.DATETIME;
            case 'm' -> Kind.TIMEDELTA;
            case 'V' -> Kind.VOID;
            default -> throw unsupported(String.valueOf(letter));
        };
    }

    private static ArrayFormatException unsupported(String descr) {
        String problem = "dtype " + Literal.quote(descr) + " ";
        if (OBJECT.matcher(descr).matches()) {
            return new ArrayFormatException(problem
                    + "holds Python objects, which are never unpickled: convert with x.astype(...) to a type"
                    + " of fixed size");
        }
        if (LONG_DOUBLE.matcher(descr).matches()) {
            return new ArrayFormatException(problem
                    + "is a long double, which differs from machine to machine: convert with x.astype('float64') or"
                    + " 'complex128'");
        }
        return new ArrayFormatException(problem + "is not supported: " + SUPPORTED);
    }
}
