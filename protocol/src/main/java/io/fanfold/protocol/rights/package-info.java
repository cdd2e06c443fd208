/** What the broker has to allow whom, and what to say where it does not. */
@NullMarked
package io.fanfold.protocol.rights;

import org.jspecify.annotations.NullMarked;
