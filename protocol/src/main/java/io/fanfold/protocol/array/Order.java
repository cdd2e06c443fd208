package io.fanfold.protocol.array;

/** The order of an array's elements in memory, as NumPy's {@code order=}. */
public enum Order {
    /** Row-major: the last axis varies fastest. */
    C,
    /** Column-major: the first axis varies fastest. */
    FORTRAN
}
