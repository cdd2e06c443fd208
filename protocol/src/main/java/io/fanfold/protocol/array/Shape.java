package io.fanfold.protocol.array;

import java.util.Arrays;
import java.util.List;

/**
 * The lengths of an array's axes, as NumPy's {@code x.shape}: {@code (3, 4)}; {@code ()} is a single value. Immutable,
 * equal by value.
 */
public final class Shape {
    /** The most axes an array of NumPy 2 can have. */
    private static final int MAX_RANK = 64;

    private final long[] dims;
    /** The product of the lengths other than 0: what NumPy, too, wants to be countable even where nothing is there. */
    private final long extent;

    private final long size;

    private Shape(long[] dims) {
        this.dims = dims;
        this.extent = checkedExtent();
        this.size = axes(0) > 0 ? 0 : extent;
    }

    /**
     * A shape of these lengths, each zero or more.
     *
     * @throws ArrayFormatException where a length is negative, there are more than 64, or their product (as in NumPy,
     *     without the zeros) passes 64 bits
     */
    public static Shape of(long... dims) {
        return new Shape(dims.clone());
    }

    private long checkedExtent() {
        if (dims.length > MAX_RANK) {
            throw new ArrayFormatException(
                    "a shape of " + dims.length + " axes: NumPy allows at most " + MAX_RANK + ", reshape it");
        }
        long product = 1;
        for (long dim : dims) {
            if (dim < 0) {
                throw new ArrayFormatException(
                        "shape " + this + " has the negative length " + dim + ": each is 0 or more");
            }
            product = times(product, Math.max(dim, 1));
        }
        return product;
    }

    private long times(long product, long dim) {
        try {
            return Math.multiplyExact(product, dim);
        } catch (ArithmeticException e) {
            throw new ArrayFormatException(
                    "shape " + this + " has more elements than 64 bits can count: check its lengths", e);
        }
    }

    public int rank() {
        return dims.length;
    }

    /**
     * The length of an axis, counted from 0.
     *
     * @throws IllegalArgumentException where there is no such axis
     */
    public long dim(int axis) {
        return dims[checked(axis)];
    }

    /** The lengths, in a new array. */
    public long[] dims() {
        return dims.clone();
    }

    /** The number of elements; 1 for {@code ()}. */
    public long size() {
        return size;
    }

    long extent() {
        return extent;
    }

    /** This shape with another length along an axis. */
    public Shape with(int axis, long length) {
        long[] changed = dims.clone();
        changed[checked(axis)] = length;
        return new Shape(changed);
    }

    /** This shape without an axis. */
    public Shape without(int axis) {
        int removed = checked(axis);
        long[] fewer = Arrays.copyOf(dims, dims.length - 1);
        System.arraycopy(dims, removed + 1, fewer, removed, fewer.length - removed);
        return new Shape(fewer);
    }

    private int checked(int axis) {
        if (axis < 0 || axis >= dims.length) {
            String axes = dims.length == 0 ? "no axes" : "axes 0 to " + (dims.length - 1);
            throw new IllegalArgumentException("axis " + axis + ": an array of shape " + this + " has " + axes);
        }
        return axis;
    }

    /** Whether C and Fortran order are the same bytes: no elements, or at most one axis longer than 1. */
    public boolean ordersCoincide() {
        return size == 0 || dims.length - axes(1) <= 1;
    }

    /** How many axes have this length. */
    private int axes(long length) {
        int count = 0;
        for (long dim : dims) {
            count += dim == length ? 1 : 0;
        }
        return count;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    /** The shape as a Python tuple. */
    public Literal literal() {
        return new Literal.Tuple(
                Arrays.stream(dims).<Literal>mapToObj(Literal.Whole::new).toList());
    }

    /**
     * The shape that a Python tuple of integers stands for.
     *
     * @throws ArrayFormatException where it is something else, or no shape
     */
    public static Shape of(Literal literal) {
        if (literal instanceof Literal.Tuple(List<Literal> items)
                && items.stream().allMatch(Literal.Whole.class::isInstance)) {
            return new Shape(items.stream()
                    .mapToLong(item -> ((Literal.Whole) item).value())
                    .toArray());
        }
        throw new ArrayFormatException(
                "shape " + literal.brief() + " is not a tuple of integers: write it as NumPy's x.shape");
    }

    /** As a Python tuple: {@code (3, 4)}, {@code (3,)}, {@code ()}. */
    @Override
    public String toString() {
        return literal().repr();
    }
}
