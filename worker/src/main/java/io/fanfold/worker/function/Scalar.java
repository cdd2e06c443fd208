package io.fanfold.worker.function;

import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.DType.Kind;
import io.fanfold.protocol.array.Numbers;
import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;

/** A number given as a parameter, which like Python's is an int or a float: {@code 2} and {@code 2.0} are two things. */
sealed interface Scalar {

    /** Python's int, as far as 64 bits go. */
    record Whole(long value) implements Scalar {
        @Override
        public double asDouble() {
            return value;
        }

        /** Whether an integer or bool dtype can hold it; a bool counts as int64. */
        boolean fits(DType dtype) {
            BigInteger exact = BigInteger.valueOf(value);
            return exact.compareTo(least(dtype)) >= 0 && exact.compareTo(greatest(dtype)) <= 0;
        }
    }

    /** Python's float. */
    record Real(double value) implements Scalar {
        @Override
        public double asDouble() {
            return value;
        }
    }

    double asDouble();

    /** The nearest number of a float or complex dtype. */
    default double rounded(DType dtype) {
        return switch (dtype.itemSize() / (dtype.kind() == Kind.COMPLEX ? 2 : 1)) {
            case 2 -> Numbers.nearestHalf(asDouble());
            case 4 -> (float) asDouble();
            default -> asDouble();
        };
    }

    /**
     * A parameter's number, if it is given.
     *
     * @throws IllegalArgumentException where it is no number
     */
    static Optional<Scalar> of(Map<String, Object> parameters, String function, String name) {
        Object given = parameters.get(name);
        return switch (given) {
            case null -> Optional.empty();
            case Long whole -> Optional.of(new Whole(whole));
            case Integer whole -> Optional.of(new Whole(whole));
            case Double real when !real.isNaN() -> Optional.of(new Real(real));
            default ->
                throw new IllegalArgumentException(
                        function + ": parameter " + name + " is " + given + "; it must be a number of at most 64 bits");
        };
    }

    /**
     * The number of a parameter that is whole.
     *
     * @throws IllegalArgumentException where it is missing, not whole or out of bounds
     */
    static long whole(Map<String, Object> parameters, String function, String name, long least, long greatest) {
        Optional<Scalar> given = of(parameters, function, name);
        if (given.isPresent() && given.get() instanceof Whole(long value) && value >= least && value <= greatest) {
            return value;
        }
        String found = given.isPresent() ? String.valueOf(parameters.get(name)) : "missing";
        throw new IllegalArgumentException(function + ": parameter " + name + " is " + found
                + "; it must be an integer from " + least + " to " + greatest);
    }

    static BigInteger least(DType dtype) {
        return dtype.kind() == Kind.UINT
                ? BigInteger.ZERO
                : BigInteger.TWO.pow(bits(dtype) - 1).negate();
    }

    static BigInteger greatest(DType dtype) {
        int bits = dtype.kind() == Kind.UINT ? bits(dtype) : bits(dtype) - 1;
        return BigInteger.TWO.pow(bits).subtract(BigInteger.ONE);
    }

    private static int bits(DType dtype) {
        return dtype.kind() == Kind.BOOL ? Long.SIZE : dtype.itemSize() * Byte.SIZE;
    }
}
