/** Reading a whole topic from its beginning and following it. */
@NullMarked
package io.fanfold.protocol.intake;

import org.jspecify.annotations.NullMarked;
