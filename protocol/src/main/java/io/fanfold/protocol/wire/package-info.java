/** The wire contract: the messages, their headers, and the only mapping between them and Kafka records. */
@NullMarked
package io.fanfold.protocol.wire;

import org.jspecify.annotations.NullMarked;
