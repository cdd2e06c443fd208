/** Outcomes, dead letters and function offers out to Kafka. */
@NullMarked
package io.fanfold.worker.emit;

import org.jspecify.annotations.NullMarked;
