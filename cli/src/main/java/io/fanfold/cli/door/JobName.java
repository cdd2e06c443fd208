package io.fanfold.cli.door;

import io.fanfold.protocol.wire.JobId;

/** How a person names a job: by its id, or by the key it was submitted with. */
public sealed interface JobName {
    /** What a key begins with, to be told from an id. */
    String KEY = "key:";

    /** By its id. */
    record Id(JobId job) implements JobName {
        @Override
        public String text() {
            return job.value();
        }
    }

    /** By its submitter's key. */
    record Key(String key) implements JobName {
        @Override
        public String text() {
            return KEY + key;
        }
    }

    /** As it is written on a command line. */
    String text();

    /**
     * Reads an id, or {@code key:} and a key.
     *
     * @throws io.fanfold.protocol.wire.WireException if it can be the id of no job
     */
    static JobName parse(String text) {
        return text.startsWith(KEY) ? new Key(text.substring(KEY.length())) : new Id(new JobId(text));
    }
}
