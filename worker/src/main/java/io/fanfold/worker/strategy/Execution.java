package io.fanfold.worker.strategy;

/**
 * Runs the chunks of one lane. One interface for every strategy, so that a lane never asks which one it has. Methods may be
 * called from any thread and never block.
 */
public sealed interface Execution extends AutoCloseable permits ThreadsExecution {
    /** Queues one piece of work. Work that did not start before {@link #close} is dropped. */
    void submit(Runnable work);

    /** Sets how many pieces of work may run at once, at least 1. */
    void resize(int parallelism);

    /** Drops what waits; what runs goes on to its end. */
    @Override
    void close();

    /** Interrupts what still runs after {@link #close}. */
    void interrupt();
}
