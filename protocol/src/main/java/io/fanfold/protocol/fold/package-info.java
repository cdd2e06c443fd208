/**
 * Folds: how the outcomes of a job become one result other than by concatenation. A fold makes a part of each outcome,
 * combines parts two by two in a fixed tree over the chunks, and makes the result of the last. Pure.
 */
@NullMarked
package io.fanfold.protocol.fold;

import org.jspecify.annotations.NullMarked;
