package io.fanfold.aggregator.assemble;

/** What an arriving outcome means for its job. */
public sealed interface Verdict {
    /**
     * It is new, and its data belong at {@code offset} of the spool.
     *
     * @param listed whether the spool's list has to say so, because the plan does not
     */
    record Place(long offset, boolean listed) implements Verdict {}

    /** It is new and failed, and the job goes on without it. */
    record Hole() implements Verdict {}

    /** It is not counted: a duplicate, or no part of this job. */
    record Drop(String why) implements Verdict {}

    /** The outcomes of this job cannot be put together. */
    record Break(String why) implements Verdict {}
}
