/** The worker: chunk in, outcome out. {@link io.fanfold.worker.Worker} is the library's door. */
@NullMarked
package io.fanfold.worker;

import org.jspecify.annotations.NullMarked;
