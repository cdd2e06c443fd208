/** What is known and said of jobs: their specs, progress and ends. */
@NullMarked
package io.fanfold.aggregator.catalog;

import org.jspecify.annotations.NullMarked;
