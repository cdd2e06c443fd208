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
     * @param done chunks whose outcome has arrived
     * @param count the job's chunks, where known
     * @param rowsDone rows of the split axis among {@code done}
     * @param rows length of the split axis, where known
     */
    record Progress(JobId job, long done, OptionalLong count, long rowsDone, OptionalLong rows) implements JobState {}

    /**
     * A job that ended ({@code <job>/terminal}); written once by the owner of its outcomes.
     *
     * @param result the array, where {@code end} is COMPLETED
     * @param error why there is none, elsewhere: one line
     */
    record Terminal(JobId job, End end, Optional<ResultInfo> result, Optional<String> error) implements JobState {
        public static Terminal completed(JobId job, ResultInfo result) {
            return new Terminal(job, End.COMPLETED, Optional.of(result), Optional.empty());
        }

        public static Terminal ended(JobId job, End end, String why) {
            return new Terminal(job, end, Optional.empty(), Optional.of(why));
        }
    }
}
