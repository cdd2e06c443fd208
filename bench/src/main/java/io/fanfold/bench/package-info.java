/** The bench command: Fanfold beside raw Kafka and beside what people use instead, in ratios. */
@NullMarked
package io.fanfold.bench;

import org.jspecify.annotations.NullMarked;
