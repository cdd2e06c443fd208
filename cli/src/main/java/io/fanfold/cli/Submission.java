package io.fanfold.cli;

import io.fanfold.cli.show.Progress;
import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.client.ParallelMap;
import io.fanfold.producer.dispatch.Acceptance;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.npy.NpyHeader;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.ResultInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;

/** One accepted job on its way through a fleet, with its progress shown. */
final class Submission {
    /** Looks after the fleet while the job runs. */
    interface Watch {
        void look() throws IOException;
    }

    /** Writes the job's chunks, on a thread of its own. */
    interface Chunks {
        /**
         * Writes them.
         *
         * @param goOn asked before each chunk; false ends the writing
         */
        void write(BooleanSupplier goOn);
    }

    private static final Duration SILENCE = Duration.ofSeconds(20);
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(5);

    private final BiConsumer<JobId, String> cancel;
    private final Watch watch;
    private boolean silenceSaid;
    private volatile boolean stopped;

    /** @param cancel asks for a job that nobody waits for any more to be ended, with the reason */
    Submission(BiConsumer<JobId, String> cancel, Watch watch) {
        this.cancel = cancel;
        this.watch = watch;
    }

    /** What became of it. */
    record Done(JobHandle job, ResultInfo result) {
        long chunks() {
            return job.count().orElse(0);
        }

        /** How many chunks are missing in the result. */
        long failed() {
            return result.holes().map(ResultInfo.Holes::chunks).orElse(0L);
        }
    }

    /**
     * Maps an array: accepts it, writes its chunks and waits.
     *
     * @param array mapped; read until this returns
     * @param what the work, in a few words
     * @throws FanfoldException if the job ends in any way but COMPLETED, saying why
     */
    static Done map(ParallelMap map, Watch watch, ArraySlice array, Acceptance request, String what)
            throws IOException, InterruptedException {
        JobHandle job = map.accept(new NpyHeader(array.dtype(), array.shape(), array.order()), request);
        return new Submission(map::cancel, watch).see(job, goOn -> map.dispatch(job, array, goOn), what);
    }

    /**
     * Waits for the job while its chunks are written.
     *
     * @param what the work, in a few words
     * @throws FanfoldException if the job ends in any way but COMPLETED, saying why
     */
    Done see(JobHandle job, Chunks chunks, String what) throws IOException, InterruptedException {
        CompletableFuture<Void> dispatched = new CompletableFuture<>();
        Thread dispatcher = Thread.ofPlatform().name("dispatch").daemon().start(() -> {
            try {
                chunks.write(() -> !stopped);
                dispatched.complete(null);
            } catch (RuntimeException | Error e) {
                dispatched.completeExceptionally(e);
            }
        });
        Thread atExit = Lifetime.onExit(() -> cancel(job));
        try (Progress progress = Progress.of(what, job.count().orElse(0))) {
            JobState.Terminal end = await(job, dispatched, progress);
            dispatcher.join();
            if (end.end() != JobState.End.COMPLETED) {
                throw new FanfoldException("job " + job.id() + " ended " + end.end() + ": "
                        + end.error().orElse("no reason was given"));
            }
            return new Done(job, end.result().orElseThrow());
        } catch (IOException | InterruptedException | RuntimeException e) {
            giveUp(job, e);
            stopped = true;
            var _ = dispatcher.join(STOPS_WITHIN);
            throw e;
        } finally {
            Lifetime.forget(atExit);
        }
    }

    /** A fleet that nobody answers for looks like one that is slow: says so, once. */
    private void saySilence(JobHandle job, long waitedNanos) {
        boolean silent = job.progress().done() == 0 && job.progress().waiting().isEmpty();
        if (!silenceSaid && waitedNanos > SILENCE.toNanos() && silent) {
            silenceSaid = true;
            System.err.println("no chunk has been done in " + SILENCE.toSeconds()
                    + " s; still waiting. Does a worker of pool " + job.spec().pool() + " run, and an aggregator?");
        }
    }

    /** Cancels a job that failed us; the first error is the one that counts. */
    private void giveUp(JobHandle job, Exception why) {
        try {
            cancel(job);
        } catch (FanfoldException e) {
            why.addSuppressed(e);
        }
    }

    /** Nobody waits for the job any more: it is to end, if it has not. */
    private void cancel(JobHandle job) {
        if (!job.over()) {
            cancel.accept(
                    job.id(),
                    "given up at the command line after " + job.progress().done() + " chunks");
        }
    }

    private JobState.Terminal await(JobHandle job, CompletableFuture<Void> dispatched, Progress progress)
            throws IOException, InterruptedException {
        long begin = System.nanoTime();
        CompletableFuture<JobState.Terminal> ended = job.ended();
        while (true) {
            try {
                return ended.get(100, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                progress.show(job.progress());
                watch.look();
                saySilence(job, System.nanoTime() - begin);
                if (dispatched.isCompletedExceptionally()) {
                    Throwable why = dispatched.exceptionNow();
                    throw new FanfoldException(
                            "the chunks of job " + job.id() + " cannot be written: " + why.getMessage(), why);
                }
            } catch (ExecutionException e) {
                throw new FanfoldException("job " + job.id() + " cannot be followed: " + e.getCause(), e);
            }
        }
    }
}
