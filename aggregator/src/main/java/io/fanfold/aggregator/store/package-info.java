/** Where results are put aside while they grow and kept once they are whole. */
@NullMarked
package io.fanfold.aggregator.store;

import org.jspecify.annotations.NullMarked;
