/** Finds out what keeps a fleet from working, and says what to type about it. Nothing is changed. */
@NullMarked
package io.fanfold.cli.doctor;

import org.jspecify.annotations.NullMarked;
