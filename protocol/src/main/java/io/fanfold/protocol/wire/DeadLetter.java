package io.fanfold.protocol.wire;

/**
 * A record set aside with all that is needed to look at it and to run it again: its own key, value and headers go to the
 * dead-letters topic unchanged, beside these.
 *
 * @param reason one line for a person
 * @param topic where it was read
 */
public record DeadLetter(String reason, String topic, int partition, long offset) {}
