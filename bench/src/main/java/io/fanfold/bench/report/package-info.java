/** Figures for people and for programs. */
@NullMarked
package io.fanfold.bench.report;

import org.jspecify.annotations.NullMarked;
