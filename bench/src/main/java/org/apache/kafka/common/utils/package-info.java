/**
 * Two names that parallel-consumer knows from the Kafka clients, where they have moved to another package: with them it runs on the
 * same clients as everybody else here.
 */
@NullMarked
package org.apache.kafka.common.utils;

import org.jspecify.annotations.NullMarked;
