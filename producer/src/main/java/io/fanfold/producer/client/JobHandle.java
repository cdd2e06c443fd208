package io.fanfold.producer.client;

import io.fanfold.producer.dispatch.Codec;
import io.fanfold.producer.dispatch.Course;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.ResultInfo;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A job that was submitted: how far it is and how it ends. Any thread. */
public final class JobHandle implements Course {
    private final JobRecord.Spec spec;
    private final CompletableFuture<JobState.Terminal> ended = new CompletableFuture<>();
    private final Object news = new Object();
    private volatile JobState.Progress progress;
    private volatile boolean running;
    private volatile Function<byte[], Codec> codec = _ -> Codec.NONE;
    private volatile Optional<JobRecord.Seal> seal = Optional.empty();
    private volatile Optional<JobState.Gone> gone = Optional.empty();

    JobHandle(JobRecord.Spec spec) {
        this.spec = spec;
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

    /** The last word on how far it is. */
    @Override
    public JobState.Progress progress() {
        return progress;
    }

    /** What became of the result afterwards, if it is gone. */
    public Optional<JobState.Gone> gone() {
        return gone;
    }

    /** All that was said of it; when it was accepted and sealed is not. */
    public JobReport report() {
        boolean known = ended.isDone() && !ended.isCompletedExceptionally();
        return new JobReport(
                spec,
                Optional.empty(),
                Optional.empty(),
                running ? Optional.of(progress) : Optional.empty(),
                known ? Optional.of(ended.join()) : Optional.empty(),
                gone);
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
    Optional<JobRecord.Seal> seal() {
        return seal;
    }

    /** Takes over what was said of the job before. */
    void takeOver(JobReport report, Optional<JobState.Terminal> end) {
        seal = report.seal();
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
