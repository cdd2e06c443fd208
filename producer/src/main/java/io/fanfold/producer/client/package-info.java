/** The way in for a JVM program: {@link io.fanfold.producer.client.ParallelMap}. */
@NullMarked
package io.fanfold.producer.client;

import org.jspecify.annotations.NullMarked;
