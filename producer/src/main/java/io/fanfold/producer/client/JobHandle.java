package io.fanfold.producer.client;

import io.fanfold.producer.dispatch.Codec;
import io.fanfold.producer.dispatch.Course;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.ResultInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A job that was submitted: how far it is, how it ends, and what comes of it. Any thread.
 *
 * <p>What waits for it is a future of its own each time: a timeout of it ({@code orTimeout}), or its being cancelled, ends the wait
 * and not the job, as in {@code concurrent.futures}; {@link #cancel} ends the job.
 */
public final class JobHandle implements Course {
    private final JobRecord.Spec spec;
    private final Reach reach;
    private final CompletableFuture<JobState.Terminal> ended = new CompletableFuture<>();
    private final Object news = new Object();
    private volatile JobState.Progress progress;
    private volatile boolean running;
    private volatile CompletableFuture<Void> dispatched = CompletableFuture.completedFuture(null);
    private volatile Optional<Instant> accepted = Optional.empty();
    private volatile Function<byte[], Codec> codec = _ -> Codec.NONE;
    private volatile Optional<JobRecord.Seal> seal = Optional.empty();
    private volatile Optional<JobState.Gone> gone = Optional.empty();

    JobHandle(JobRecord.Spec spec, Reach reach) {
        this.spec = spec;
        this.reach = reach;
        this.progress = new JobState.Progress(
                spec.job(), 0, spec.count(), 0, spec.header().rows());
    }

    public JobId id() {
        return spec.job();
    }

    /** How the job was accepted: its plan, parameters and function. */
    public JobRecord.Spec spec() {
        return spec;
    }

    /** How many chunks the job has, where known. */
    public OptionalLong count() {
        return spec.count();
    }

    /** When it was accepted, by the broker's clock; empty until it is. */
    public Optional<Instant> accepted() {
        return accepted;
    }

    /** The length of the split axis, where known. */
    OptionalLong rows() {
        OptionalLong said = spec.header().rows();
        return said.isPresent() ? said : progress.rows();
    }

    /** The last word on how far it is. */
    @Override
    public JobState.Progress progress() {
        return progress;
    }

    /** What became of the result afterwards, if it is gone. */
    public Optional<JobState.Gone> gone() {
        return gone;
    }

    /** All that was said of it; a seal that was written since this client came to know it is not. */
    public JobReport report() {
        return new JobReport(spec, accepted, seal, running ? Optional.of(progress) : Optional.empty(), end(), gone);
    }

    /** How it ended; empty where it has not, or this client does not know. */
    Optional<JobState.Terminal> end() {
        boolean known = ended.isDone() && !ended.isCompletedExceptionally();
        return known ? Optional.of(ended.join()) : Optional.empty();
    }

    /** Throws what keeps this client from knowing how it ends. */
    void requireKnown() {
        if (ended.isCompletedExceptionally()) {
            throw new FanfoldException(
                    "it is not known how job " + id() + " ends: "
                            + ended.exceptionNow().getMessage(),
                    ended.exceptionNow());
        }
    }

    /** Whether it has ended, or this client can hear no more of it. */
    @Override
    public boolean over() {
        return ended.isDone();
    }

    /**
     * Completes with the way the job ended, be it COMPLETED or not; fails only where this client cannot know, because it was
     * closed or lost its broker.
     */
    public CompletableFuture<JobState.Terminal> ended() {
        return ended.copy();
    }

    /**
     * Completes when this client has written all chunks of it: the array that was given is not needed any more. Fails where they could
     * not be written. Of a job that others write it is complete.
     */
    public CompletableFuture<Void> dispatched() {
        return dispatched.copy();
    }

    /**
     * The whole result in memory, of at most 2 GiB. It fails with
     *
     * <ul>
     *   <li>{@link JobFailedException}, if the job ended without a result, or its result is no longer there;
     *   <li>{@link java.util.concurrent.CancellationException}, if it was cancelled;
     *   <li>{@link FanfoldException}, if the result is too large, or cannot be fetched, or chunks could not be written.
     * </ul>
     *
     * <p>It is fetched anew for each call. Of a job that keeps going without its failed chunks it may have holes.
     */
    public CompletableFuture<ArraySlice> result() {
        return whenEnded(result -> reach.results().array(id(), result));
    }

    /**
     * The result in a file, however large it is; fails as {@link #result}.
     *
     * @param file a {@code .npy} file in a directory that is there. It is there only once it is whole; one that was there is replaced
     */
    public CompletableFuture<Path> resultTo(Path file) {
        return whenEnded(result -> {
            reach.results().fetch(id(), result, file);
            return file;
        });
    }

    /** What is done with a result that is there. */
    private interface Fetch<T> {
        T from(ResultInfo result) throws IOException, InterruptedException;
    }

    private <T> CompletableFuture<T> whenEnded(Fetch<T> fetch) {
        CompletableFuture<T> there = new CompletableFuture<>();
        CompletableFuture<?> _ = dispatched.whenComplete((_, failed) -> {
            if (failed != null) {
                there.completeExceptionally(failed);
            }
        });
        CompletableFuture<?> _ = ended.whenComplete((end, lost) -> {
            if (lost != null) {
                there.completeExceptionally(lost);
            } else if (!there.isDone()) {
                Thread _ = Thread.startVirtualThread(() -> fetch(end, fetch, there));
            }
        });
        return there;
    }

    private <T> void fetch(JobState.Terminal end, Fetch<T> fetch, CompletableFuture<T> there) {
        try {
            there.complete(fetch.from(JobFailedException.require(end, gone)));
        } catch (Exception | Error e) {
            there.completeExceptionally(e);
        }
    }

    /** The outcomes of its chunks as they come, from the first on; to be closed. */
    public Outcomes outcomes() {
        return new Outcomes(this, reach.kafka(), reach.clientId() + "-outcomes-" + id());
    }

    /** Asks for it to be ended; {@link #ended} tells whether it was. */
    public void cancel() {
        cancel("cancelled by its submitter");
    }

    /**
     * The same, with a reason.
     *
     * @throws FanfoldException if no broker answers within some seconds
     */
    public void cancel(String reason) {
        reach.cancel().accept(id(), reason);
    }

    @Override
    public void await(JobState.Progress known, Duration patience) throws InterruptedException {
        long until = System.nanoTime() + patience.toNanos();
        synchronized (news) {
            long left = patience.toMillis();
            while (left > 0 && progress.equals(known) && !over()) {
                news.wait(left);
                left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
            }
        }
    }

    void read(JobState state) {
        hear(state);
        synchronized (news) {
            news.notifyAll();
        }
    }

    private void hear(JobState state) {
        switch (state) {
            case JobState.Progress p -> {
                if (!over()) {
                    progress = p;
                    running = true;
                }
            }
            case JobState.Terminal t -> {
                if (t.end() == JobState.End.COMPLETED) {
                    long rows = progress.rows().orElse(progress.rowsDone());
                    long count = progress.count().orElse(progress.done());
                    long failed = t.result()
                            .flatMap(ResultInfo::holes)
                            .map(ResultInfo.Holes::chunks)
                            .orElse(0L);
                    progress = new JobState.Progress(
                            id(),
                            count,
                            progress.count(),
                            rows,
                            progress.rows(),
                            failed,
                            OptionalLong.of(0),
                            Optional.empty(),
                            count);
                }
                ended.complete(t);
            }
            case JobState.Gone g -> gone = Optional.of(g);
        }
    }

    /** Says how the job's chunks are compressed, by the first of them. */
    Function<byte[], Codec> codec() {
        return codec;
    }

    JobHandle compressedBy(Function<byte[], Codec> choice) {
        codec = choice;
        return this;
    }

    /** The seal of a job whose chunks were all written before this client came to know it. */
    public Optional<JobRecord.Seal> seal() {
        return seal;
    }

    void accepted(Instant when) {
        accepted = Optional.of(when);
    }

    /** This client writes its chunks, until the future completes. */
    void dispatching(CompletableFuture<Void> writing) {
        dispatched = writing;
    }

    /** Takes over what was said of the job before. */
    void takeOver(JobReport report, Optional<JobState.Terminal> end) {
        seal = report.seal();
        report.accepted().ifPresent(this::accepted);
        report.progress().ifPresent(this::read);
        end.ifPresent(this::read);
        report.gone().ifPresent(this::read);
    }

    void lost(Throwable why) {
        ended.completeExceptionally(why);
        synchronized (news) {
            news.notifyAll();
        }
    }
}
