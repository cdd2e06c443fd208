/** How a function is run on chunks. */
@NullMarked
package io.fanfold.worker.strategy;

import org.jspecify.annotations.NullMarked;
