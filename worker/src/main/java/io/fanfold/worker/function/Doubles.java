package io.fanfold.worker.function;

import io.fanfold.protocol.array.ArrayFormatException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.DType.Kind;
import io.fanfold.protocol.array.Numbers;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Reorder;
import io.fanfold.protocol.array.Shape;

/** Moves real numbers between memory and {@code double[]}: 64-bit integers are rounded to the nearest double. Any thread. */
public final class Doubles {
    private static final DType FLOAT64 = DType.of(Kind.FLOAT, Double.BYTES);

    private Doubles() {}

    /**
     * The numbers of an array in C order, whatever its own order, byte order and dtype.
     *
     * @throws IllegalArgumentException where they are not real numbers, or more than a Java array holds
     */
    public static double[] of(ArraySlice array) {
        switch (array.dtype().kind()) {
            case BOOL, INT, UINT, FLOAT -> {}
            case COMPLEX, BYTES, UNICODE, DATETIME, TIMEDELTA, VOID, STRUCT ->
                throw new IllegalArgumentException(array + " has no real numbers: take bool, integers and floats only");
        }
        long size = array.shape().size();
        if (size > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    array + " has more elements than a Java array holds: cut the array into more chunks");
        }
        double[] numbers = new double[(int) size];
        Numbers.of(Reorder.to(Order.C, array)).load(numbers);
        return numbers;
    }

    /**
     * A float64 array of these numbers in C order, in memory of its own.
     *
     * @throws ArrayFormatException where the shape has not as many
     */
    public static ArraySlice array(Shape shape, double... numbers) {
        if (shape.size() != numbers.length) {
            throw new ArrayFormatException("float64 " + shape + " takes " + shape.size() * Double.BYTES
                    + " bytes, the numbers given have " + (long) numbers.length * Double.BYTES
                    + ": pass exactly the array's numbers");
        }
        ArraySlice array = Answers.blank(FLOAT64, shape, Order.C);
        Numbers.of(FLOAT64, array.data()).store(numbers);
        return array;
    }
}
