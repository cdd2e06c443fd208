package io.fanfold.producer.client;

import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.wire.JobId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the chunks of jobs in the background: a virtual thread for each, which mostly waits until the job makes room. Any thread.
 */
final class Dispatching {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatching.class);
    /** How long a dispatch that is told to stop may take to hear it. */
    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

    private final BiConsumer<JobId, String> cancel;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("dispatch-", 0).factory());
    private volatile boolean stopping;

    /** @param cancel asks for a job to be ended, for a reason */
    Dispatching(BiConsumer<JobId, String> cancel) {
        this.cancel = cancel;
    }

    /**
     * Begins to write a job.
     *
     * @param dispatch writes the job's chunks as long as it is told to go on
     */
    void begin(JobHandle job, Consumer<BooleanSupplier> dispatch) {
        CompletableFuture<Void> written = new CompletableFuture<>();
        job.dispatching(written);
        threads.execute(() -> write(job, dispatch, written));
    }

    private void write(JobHandle job, Consumer<BooleanSupplier> dispatch, CompletableFuture<Void> written) {
        AtomicBoolean stopped = new AtomicBoolean();
        try {
            dispatch.accept(() -> {
                stopped.compareAndSet(false, stopping);
                return !stopped.get();
            });
            if (stopped.get()) {
                throw new FanfoldException(
                        "the client was closed before all chunks of job " + job.id() + " were written");
            }
            written.complete(null);
        } catch (RuntimeException | Error e) {
            written.completeExceptionally(
                    e); // first, so that those who wait hear of this and not of what follows from it
            withdraw(job, cancel, "its chunks could not all be written: " + e.getMessage());
        }
    }

    /** Has a job cancelled that nobody can find any more: one without a key. */
    static void withdraw(JobHandle job, BiConsumer<JobId, String> cancel, String why) {
        if (job.spec().claim().isPresent() || job.over()) {
            return;
        }
        try {
            cancel.accept(job.id(), why);
        } catch (FanfoldException e) {
            LOG.atWarn()
                    .addKeyValue("job", job.id())
                    .addKeyValue("reason", e.getMessage())
                    .log("a job that nobody waits for could not be cancelled");
        }
    }

    /** What a future failed with, as an exception that may be thrown anywhere. */
    static RuntimeException unchecked(ExecutionException failed) {
        return switch (failed.getCause()) {
            case RuntimeException e -> e;
            case Error e -> throw e;
            case IOException e -> new UncheckedIOException(e);
            case null, default -> new FanfoldException(String.valueOf(failed.getMessage()), failed);
        };
    }

    /** Lets them write for so long, then has them stop. */
    void close(Duration patience) {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                stopping = true;
                boolean _ = threads.awaitTermination(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            stopping = true;
            Thread.currentThread().interrupt();
        }
    }
}
