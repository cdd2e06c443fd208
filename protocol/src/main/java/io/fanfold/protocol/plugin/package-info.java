/** Plugins: functions and folds that others wrote, found on the class path and in jars of a directory. */
@NullMarked
package io.fanfold.protocol.plugin;

import org.jspecify.annotations.NullMarked;
