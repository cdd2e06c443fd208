package io.fanfold.protocol.wire;

import java.util.Optional;
import java.util.OptionalLong;

/** What the states topic says of a job: how far it is, or how it ended. Ends are absorbing. */
public sealed interface JobState {
    JobId job();

    /** The ways a job ends. */
    enum End {
        COMPLETED,
        FAILED,
        CANCELLED,
        EXPIRED,
        LOST
    }

    /**
     * A running job ({@code <job>/progress}); each replaces the one before.
     *
     * @param done chunks whose outcome has arrived, the failed ones among them
     * @param count the job's chunks, where known
     * @param rowsDone rows of the split axis among {@code done}
     * @param rows length of the split axis, where known
     * @param failed chunks that failed, where the job goes on without them
     * @param millisLeft milliseconds until it is done if it goes on as it did, where that can be told
     * @param waiting what it waits for, where it cannot go on: one line
     * @param doneBelow chunks below this index are all done: whoever goes on with its dispatch need not write them again
     */
    record Progress(
            JobId job,
            long done,
            OptionalLong count,
            long rowsDone,
            OptionalLong rows,
            long failed,
            OptionalLong millisLeft,
            Optional<String> waiting,
            long doneBelow)
            implements JobState {
        /** Of a job without failures, of whose speed nothing is known. */
        public Progress(JobId job, long done, OptionalLong count, long rowsDone, OptionalLong rows) {
            this(job, done, count, rowsDone, rows, 0, OptionalLong.empty(), Optional.empty(), 0);
        }
    }

    /**
     * A job that ended ({@code <job>/terminal}); written once by the owner of its outcomes.
     *
     * @param result the array, where {@code end} is COMPLETED
     * @param error why there is none, elsewhere: one line
     * @param chunk the failed chunk that ended it, where one did
     */
    record Terminal(
            JobId job, End end, Optional<ResultInfo> result, Optional<String> error, Optional<FailedChunk> chunk)
            implements JobState {
        /** An end that no single chunk has brought about. */
        public Terminal(JobId job, End end, Optional<ResultInfo> result, Optional<String> error) {
            this(job, end, result, error, Optional.empty());
        }

        public static Terminal completed(JobId job, ResultInfo result) {
            return new Terminal(job, End.COMPLETED, Optional.of(result), Optional.empty());
        }

        public static Terminal ended(JobId job, End end, String why) {
            return new Terminal(job, end, Optional.empty(), Optional.of(why));
        }
    }

    /**
     * A chunk that cannot be computed.
     *
     * @param index counted from 0
     * @param rows how many rows of the split axis it has; the first of them is {@code failure.start()}
     */
    record FailedChunk(long index, long rows, Failure failure) {}

    /**
     * The result of a COMPLETED job is no longer there ({@code <job>/result}); its end stands as it is.
     *
     * @param end LOST: it is gone and cannot be rebuilt; EXPIRED: it was kept as long as agreed
     * @param error what happened: one line
     */
    record Gone(JobId job, End end, String error) implements JobState {
        public Gone {
            if (end != End.LOST && end != End.EXPIRED) {
                throw new WireException("a result that is gone is LOST or EXPIRED, not " + end);
            }
        }
    }
}
