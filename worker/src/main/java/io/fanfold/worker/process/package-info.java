/** The strategy {@code processes}: children that compute chunks, spoken to through their standard input and output. */
@NullMarked
package io.fanfold.worker.process;

import org.jspecify.annotations.NullMarked;
