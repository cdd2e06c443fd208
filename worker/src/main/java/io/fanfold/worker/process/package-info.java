/** Stub. */
@NullMarked
package io.fanfold.worker.process;

import org.jspecify.annotations.NullMarked;
