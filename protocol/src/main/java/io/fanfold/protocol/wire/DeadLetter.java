package io.fanfold.protocol.wire;

import java.util.Optional;

/**
 * A record set aside with all that is needed to look at it and to run it again: its own key, value and headers go to the
 * dead-letters topic unchanged, beside these.
 *
 * @param reason one line for a person
 * @param topic where it was read
 * @param whole whether the record is here; if not, it was too large to be kept twice and lies only where it was read
 * @param outcome of a chunk that failed: what its job was told; empty for a record that is no chunk
 */
public record DeadLetter(
        String reason, String topic, int partition, long offset, boolean whole, Optional<Outcome.Failed> outcome) {
    /** A record that is no chunk. */
    public DeadLetter(String reason, String topic, int partition, long offset) {
        this(reason, topic, partition, offset, true, Optional.empty());
    }

    DeadLetter withoutRecord() {
        String why = reason + " (the record is too large to be kept here whole)";
        return new DeadLetter(why, topic, partition, offset, false, outcome);
    }
}
