/**
 * The functions a worker computes on chunks: the interface they implement, the registry, and the built-in set.
 *
 * <p>The built-in functions answer what NumPy 2 answers on x86, in dtype and in bytes: ufuncs give little endian, keep C
 * or Fortran order, integers wrap, Python's scalars are weak (NEP 50). Two things are not promised to the bit: exp, log
 * and the absolute value of complex numbers are within 1 ulp of the true value, where NumPy's own loops differ between
 * machines; and so may be the bits of a NaN that complex arithmetic makes.
 */
@NullMarked
package io.fanfold.worker.function;

import org.jspecify.annotations.NullMarked;
