/** Accepting a job and writing its chunks. */
@NullMarked
package io.fanfold.producer.dispatch;

import org.jspecify.annotations.NullMarked;
