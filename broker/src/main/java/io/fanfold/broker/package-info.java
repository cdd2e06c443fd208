/** A real Kafka broker inside this JVM. */
@NullMarked
package io.fanfold.broker;

import org.jspecify.annotations.NullMarked;
