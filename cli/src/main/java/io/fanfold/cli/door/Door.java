package io.fanfold.cli.door;

import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.wire.JobId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * A way into a fleet. One thread; another may close it, which stops what it is at. What fails is a
 * {@link io.fanfold.protocol.FanfoldException}, what is asked wrongly an {@link InvalidRequestException}, each in one line.
 */
public sealed interface Door extends AutoCloseable permits OverHttp, OverKafka {
    /**
     * Submits an array; returns when all its chunks are written, or its job has ended before.
     *
     * @param sent told from time to time how many bytes of the array have gone; by any thread
     */
    JobView submit(Request request, LongConsumer sent) throws IOException, InterruptedException;

    /** Jobs of the fleet, the oldest first. */
    List<JobView> jobs(Which which) throws IOException, InterruptedException;

    Optional<JobView> find(JobName name) throws IOException, InterruptedException;

    /**
     * Waits for a job's end.
     *
     * @param patience for how long at most; empty: for as long as it takes
     * @param news told of the job as it is, again and again
     * @return the job at its end, or as it is when patience has run out
     */
    JobView follow(JobId job, Optional<Duration> patience, Consumer<JobView> news)
            throws IOException, InterruptedException;

    /**
     * Fetches a COMPLETED job's result.
     *
     * @param into an empty directory
     */
    ResultFiles fetch(JobView job, Path into) throws IOException, InterruptedException;

    /** Asks for a job to be ended. */
    void cancel(JobView job) throws IOException, InterruptedException;

    /** What the fleet can compute. */
    List<FunctionView> functions() throws IOException, InterruptedException;

    @Override
    void close();

    /**
     * The job of this name.
     *
     * @throws InvalidRequestException if there is none
     */
    default JobView require(JobName name) throws IOException, InterruptedException {
        return find(name).orElseThrow(() -> unknown(name));
    }

    /** What is said where there is no such job. */
    static InvalidRequestException unknown(JobName name) {
        return new InvalidRequestException(
                "there is no job " + name.text() + "; fanfold jobs shows those that there are");
    }
}
