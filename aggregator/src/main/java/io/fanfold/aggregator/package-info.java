/** The aggregator: outcomes in, whole array out. {@link io.fanfold.aggregator.Aggregator} is the library's door. */
@NullMarked
package io.fanfold.aggregator;

import org.jspecify.annotations.NullMarked;
