package io.fanfold.aggregator.assemble;

import java.io.IOException;

/** Where each chunk's data lie in the spool. */
public interface Places {
    /** How many chunks the job has. */
    int count();

    /** What is known of one chunk. */
    Place of(int chunk) throws IOException;

    /**
     * One chunk's data.
     *
     * @param offset bytes from the beginning of the spool's data
     * @param bytes how many there are
     * @param rows of the split axis that they stand for; 0 where the chunk failed
     */
    record Place(long offset, long bytes, long rows) {
        public static final Place NONE = new Place(0, 0, 0);
    }
}
