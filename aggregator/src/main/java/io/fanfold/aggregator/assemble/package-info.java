/** Putting a job's outcomes together: which have arrived, where each belongs. Pure. */
@NullMarked
package io.fanfold.aggregator.assemble;

import org.jspecify.annotations.NullMarked;
