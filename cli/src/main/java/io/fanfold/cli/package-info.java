/** The {@code fanfold} command. */
@NullMarked
package io.fanfold.cli;

import org.jspecify.annotations.NullMarked;
