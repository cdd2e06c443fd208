/** Cutting an array along an axis: the plan's choice, and each chunk's bytes. Pure. */
@NullMarked
package io.fanfold.producer.split;

import org.jspecify.annotations.NullMarked;
