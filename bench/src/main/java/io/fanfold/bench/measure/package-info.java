/** Rounds in which contestants take turns, and the figures that come of them. */
@NullMarked
package io.fanfold.bench.measure;

import org.jspecify.annotations.NullMarked;
