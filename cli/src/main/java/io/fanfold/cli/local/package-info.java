/** A whole fleet on this machine: a real broker, the roles, and workers as processes of their own. */
@NullMarked
package io.fanfold.cli.local;

import org.jspecify.annotations.NullMarked;
