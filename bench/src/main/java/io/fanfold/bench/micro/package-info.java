/** Codec, split, ledger, assembly and folds, each alone in one thread, measured by JMH; the data that they get are always the same. */
@NullMarked
package io.fanfold.bench.micro;

import org.jspecify.annotations.NullMarked;
