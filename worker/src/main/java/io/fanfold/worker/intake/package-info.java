/** The one thread that polls: it takes chunks in, hands them to their lanes, and commits behind the work. */
@NullMarked
package io.fanfold.worker.intake;

import org.jspecify.annotations.NullMarked;
