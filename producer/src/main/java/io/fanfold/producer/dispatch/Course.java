package io.fanfold.producer.dispatch;

import io.fanfold.protocol.wire.JobState;
import java.time.Duration;

/** How a job comes along while its chunks are written. Any thread. */
public interface Course {
    /** The last word on how far it is. */
    JobState.Progress progress();

    /** Whether it has ended: what is still to be written is for nothing. */
    boolean over();

    /** Waits for another word than {@code known}, or for its end, at most so long. */
    void await(JobState.Progress known, Duration patience) throws InterruptedException;
}
