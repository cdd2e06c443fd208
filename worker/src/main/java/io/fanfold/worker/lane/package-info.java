/** One assigned partition's work: what is taken in, what is done, and how much may wait. */
@NullMarked
package io.fanfold.worker.lane;

import org.jspecify.annotations.NullMarked;
