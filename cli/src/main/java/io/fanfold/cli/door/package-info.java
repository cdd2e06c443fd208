/** The ways into a fleet from outside: over HTTP, or over Kafka. What goes through is the same. */
@NullMarked
package io.fanfold.cli.door;

import org.jspecify.annotations.NullMarked;
