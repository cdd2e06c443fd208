/** The producer: array in, chunks out. {@link io.fanfold.producer.client.ParallelMap} is the library's door. */
@NullMarked
package io.fanfold.producer;

import org.jspecify.annotations.NullMarked;
