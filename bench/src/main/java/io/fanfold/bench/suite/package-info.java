/** What is measured, a class for each suite, and its contestants. */
@NullMarked
package io.fanfold.bench.suite;

import org.jspecify.annotations.NullMarked;
