/**
 * The .npy file format of NumPy (NEP 1, versions 1.0 to 3.0): headers read and written as {@code np.save} writes them,
 * whole values, mapped files. Object dtypes are refused and nothing is ever unpickled.
 */
@NullMarked
package io.fanfold.protocol.npy;

import org.jspecify.annotations.NullMarked;
