package io.fanfold.producer.source;

import io.fanfold.protocol.array.ArrayFormatException;
import io.fanfold.protocol.array.Shape;
import java.util.Arrays;

/**
 * Where one is in an array of arrays that is read from front to back, and whether it is an array of one shape: what comes first says
 * how long the arrays of each depth are. One thread.
 */
final class Nesting {
    /** As many as NumPy 1 has. */
    static final int MOST_AXES = 32;

    /** Elements so far of the array that is open, at each depth; the outermost has depth 1. */
    private final long[] counts = new long[MOST_AXES + 1];

    private final long[] lengths = new long[MOST_AXES + 1];
    private int depth = 1;
    private int rank;

    Nesting() {
        Arrays.fill(lengths, -1);
    }

    /** An array begins. */
    void open() {
        count();
        if (depth == rank) {
            throw new ArrayFormatException(path() + " is an array where a number is wanted, as before it");
        }
        if (depth == MOST_AXES) {
            throw new ArrayFormatException("arrays are nested deeper than " + MOST_AXES + ": reshape it first");
        }
        depth++;
        counts[depth] = 0;
    }

    /** A number comes. */
    void element() {
        count();
        rank = rank == 0 ? depth : rank;
        if (depth != rank) {
            throw new ArrayFormatException(path() + " is no array, and those before it are: rows have one shape");
        }
    }

    private void count() {
        counts[depth]++;
        if (lengths[depth] >= 0 && counts[depth] > lengths[depth]) {
            throw ragged("more than " + lengths[depth]);
        }
    }

    /** An array ends; whether it is the outermost. */
    boolean close() {
        if (depth == 1) {
            return true;
        }
        rank = rank == 0 ? depth : rank;
        if (lengths[depth] < 0) {
            lengths[depth] = counts[depth];
        } else if (counts[depth] < lengths[depth]) {
            throw ragged(Long.toString(counts[depth]));
        }
        depth--;
        return false;
    }

    private ArrayFormatException ragged(String count) {
        return new ArrayFormatException(path(depth - 1) + " has " + count + " elements, and those before it have "
                + lengths[depth] + ": rows have one shape");
    }

    /** Whether an array within the outermost is open. */
    boolean inRow() {
        return depth > 1;
    }

    /** The shape of the whole, as far as the first row says it; its first length is 0. */
    Shape shape() {
        long[] dims = Arrays.copyOfRange(lengths, 1, Math.max(1, rank) + 1);
        dims[0] = 0;
        return Shape.of(dims);
    }

    /** Of what came last: {@code [3][1]}. */
    String path() {
        return path(depth);
    }

    private String path(int to) {
        StringBuilder path = new StringBuilder();
        for (int i = 1; i <= to && counts[i] > 0; i++) {
            path.append('[').append(counts[i] - 1).append(']');
        }
        return path.isEmpty() ? "the array" : path.toString();
    }
}
