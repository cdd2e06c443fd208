package io.fanfold.protocol.wire;

/** What a chunk's final failure does to its job. */
public sealed interface ErrorPolicy {
    /** The first final failure fails the job. */
    record FailFast() implements ErrorPolicy {}

    /**
     * The job completes with a mask of its failed chunks, as long as there are no more than {@code budget} of them.
     *
     * @param budget failed chunks allowed, at least 0
     */
    record KeepGoing(long budget) implements ErrorPolicy {
        public KeepGoing {
            if (budget < 0) {
                throw new WireException("error budget " + budget + " is negative");
            }
        }
    }
}
