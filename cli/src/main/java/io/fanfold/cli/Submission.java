package io.fanfold.cli;

import io.fanfold.cli.show.Progress;
import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.client.ParallelMap;
import io.fanfold.producer.dispatch.Acceptance;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.npy.NpyHeader;
import io.fanfold.protocol.wire.JobState;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One array on its way through a fleet, with its progress shown. */
final class Submission {
    /** Looks after the fleet while the job runs. */
    interface Watch {
        void look() throws IOException;
    }

    private static final Duration SILENCE = Duration.ofSeconds(20);

    private final ParallelMap map;
    private final Watch watch;
    private boolean silenceSaid;

    Submission(ParallelMap map, Watch watch) {
        this.map = map;
        this.watch = watch;
    }

    /** What became of it. */
    record Done(JobHandle job, JobState.Terminal end) {}

    /**
     * Submits and waits.
     *
     * @param array mapped; read until this returns
     * @throws FanfoldException if the job ends in any way but COMPLETED, saying why
     */
    Done run(ArraySlice array, Acceptance request, String what) throws IOException, InterruptedException {
        JobHandle job = map.accept(new NpyHeader(array.dtype(), array.shape(), array.order()), request);
        CompletableFuture<Void> dispatched = new CompletableFuture<>();
        Thread dispatcher = Thread.ofPlatform().name("dispatch").daemon().start(() -> {
            try {
                map.dispatch(job, array);
                dispatched.complete(null);
            } catch (RuntimeException | Error e) {
                dispatched.completeExceptionally(e);
            }
        });
        Thread cancel = Lifetime.onExit(() -> cancel(job));
        try (Progress progress = Progress.of(what, job.count().orElse(0))) {
            JobState.Terminal end = await(job, dispatched, progress);
            dispatcher.join();
            if (end.end() != JobState.End.COMPLETED) {
                throw new FanfoldException("job " + job.id() + " ended " + end.end() + ": "
                        + end.error().orElse("no reason was given"));
            }
            return new Done(job, end);
        } catch (IOException | InterruptedException | RuntimeException e) {
            giveUp(job, e);
            throw e;
        } finally {
            Lifetime.forget(cancel);
        }
    }

    /** A fleet that nobody answers for looks like one that is slow: says so, once. */
    private void saySilence(JobHandle job, long waitedNanos) {
        if (!silenceSaid && waitedNanos > SILENCE.toNanos() && job.progress().done() == 0) {
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
            map.cancel(
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
