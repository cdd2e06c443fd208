package io.fanfold.protocol.array;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/** Java's arrays as slices, and the numbers of slices as Java's arrays, in C order. */
final class JavaArrays {
    /** The letter of this machine's byte order in a descr. */
    private static final String ORDER = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? ">" : "<";

    private static final int MOST = Integer.MAX_VALUE - 8;

    private JavaArrays() {}

    /** A slice of a Java array's own memory. */
    static ArraySlice slice(String letters, MemorySegment values, int length, long... dims) {
        Shape shape = dims.length == 0 ? Shape.of(length) : Shape.of(dims);
        return new ArraySlice(DType.parse(ORDER + letters), shape, Order.C, values);
    }

    static double[] doubles(ArraySlice array) {
        boolean fits = switch (array.dtype().kind()) {
            case BOOL, INT, UINT, FLOAT -> true;
            default -> false;
        };
        double[] values = new double[length(array, fits, "double")];
        numbers(array).load(values);
        return values;
    }

    static float[] floats(ArraySlice array) {
        int width = array.dtype().itemSize();
        boolean fits = switch (array.dtype().kind()) {
            case BOOL, INT, UINT -> width <= Short.BYTES;
            case FLOAT -> width <= Float.BYTES;
            default -> false;
        };
        float[] values = new float[length(array, fits, "float")];
        numbers(array).load(values);
        return values;
    }

    static long[] longs(ArraySlice array) {
        boolean fits = switch (array.dtype().kind()) {
            case BOOL, INT, UINT, DATETIME, TIMEDELTA -> true;
            default -> false;
        };
        long[] values = new long[length(array, fits, "long")];
        numbers(array).load(values);
        return values;
    }

    static int[] ints(ArraySlice array) {
        int width = array.dtype().itemSize();
        boolean fits = switch (array.dtype().kind()) {
            case BOOL -> true;
            case INT -> width <= Integer.BYTES;
            case UINT -> width <= Short.BYTES;
            default -> false;
        };
        long[] wide = new long[length(array, fits, "int")];
        numbers(array).load(wide);
        int[] values = new int[wide.length];
        for (int i = 0; i < wide.length; i++) {
            values[i] = (int) wide[i];
        }
        return values;
    }

    private static Numbers numbers(ArraySlice array) {
        return Numbers.of(Reorder.to(Order.C, array));
    }

    private static int length(ArraySlice array, boolean fits, String type) {
        if (!fits) {
            throw new ArrayFormatException("the array is " + array.dtype().name() + ", not all of whose values fit a "
                    + type + ": take a wider type, or read data()");
        }
        if (array.shape().size() > MOST) {
            throw new ArrayFormatException(
                    array + " has " + array.shape().size() + " elements, more than a Java array may have: read data()");
        }
        return (int) array.shape().size();
    }
}
