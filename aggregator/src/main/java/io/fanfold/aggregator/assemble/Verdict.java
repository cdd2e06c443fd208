package io.fanfold.aggregator.assemble;

/** What an arriving outcome means for its job. */
public sealed interface Verdict {
    /**
     * It is new: its data belong at {@code offset} of the spool, chunk after chunk.
     */
    record Place(long offset) implements Verdict {}

    /** It is not counted: a duplicate, or no part of this job. */
    record Drop(String why) implements Verdict {}

    /** The outcomes of this job cannot be put together. */
    record Break(String why) implements Verdict {}
}
