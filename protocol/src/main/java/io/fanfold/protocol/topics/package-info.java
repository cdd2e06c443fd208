/** The topics of a fleet: made, and checked against what the contract needs. */
@NullMarked
package io.fanfold.protocol.topics;

import org.jspecify.annotations.NullMarked;
