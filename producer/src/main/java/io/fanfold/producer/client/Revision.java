package io.fanfold.producer.client;

/**
 * What a request to make a job whole has come to.
 *
 * @param job the revision
 * @param standing whether it is new
 */
public record Revision(JobHandle job, Standing standing) {
    /** How a revision was found. */
    public enum Standing {
        /** It was made by this request. */
        NEW,
        /** It was made before and has not ended. */
        RUNNING,
        /** It was made before and its result has no holes. */
        WHOLE
    }
}
