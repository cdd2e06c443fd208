/** The one thread that reads outcomes and moves jobs along. */
@NullMarked
package io.fanfold.aggregator.intake;

import org.jspecify.annotations.NullMarked;
