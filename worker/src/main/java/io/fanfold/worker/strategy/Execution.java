package io.fanfold.worker.strategy;

import java.util.function.Consumer;

/**
 * Runs calls in one way. One interface for every strategy, so that a lane never asks which one it has. Methods may be called
 * from any thread and never block.
 */
public interface Execution extends AutoCloseable {
    /** A call that has been started. */
    interface Running {
        /** Stops it if it still runs; it then ends as {@link Ending.Stopped} soon. Any thread; more than once is the same as once. */
        void stop();
    }

    /**
     * Starts a call at once, whatever {@link #free} says: who calls keeps to that.
     *
     * @param ended told how it ended: exactly once, from another thread than the caller's. The call counts as running until it
     *     returns, so that waiting in there holds the strategy back.
     */
    Running start(Call call, Consumer<Ending> ended);

    /** How many more calls it would run at once now; not negative. */
    int free();

    /** Sets how many calls may run at once, at least 1. */
    void resize(int parallelism);

    /** Lets go of threads and processes once what runs has ended; starts nothing more. */
    @Override
    void close();
}
