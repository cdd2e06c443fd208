package io.fanfold.worker.strategy;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.worker.function.AsyncFunction;
import io.fanfold.worker.function.ChildFunction;
import io.fanfold.worker.function.ChunkFunction;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The strategy {@code async}: each call on a virtual thread of its own, so that thousands can wait together. A call of an {@link
 * AsyncFunction} has one only to start its stage and to encode its answer. CPU time cannot be measured there; {@link
 * #startMeasured} takes a platform thread for one call.
 */
public final class AsyncExecution implements Execution {
    private final Places places;
    private final ThreadFactory virtual;
    private final ThreadFactory platform;
    private volatile boolean closed;

    /**
     * @param name how the threads are called in thread dumps and logs
     * @param parallelism may be {@link Integer#MAX_VALUE}, for as many as who calls starts
     * @param clock times calls; shared, must outlive this, see {@link WorkerClock}
     * @param freed told, on any thread, after a place has become free; it must not block
     */
    public AsyncExecution(
            String name, int parallelism, ScheduledExecutorService clock, MeterRegistry meters, Runnable freed) {
        this(name, parallelism, clock, WorkerClock.GRACE, meters, freed);
    }

    AsyncExecution(
            String name,
            int parallelism,
            ScheduledExecutorService clock,
            Duration grace,
            MeterRegistry meters,
            Runnable freed) {
        this.places = new Places(name, parallelism, clock, grace, meters, freed);
        this.virtual = Thread.ofVirtual().name(name + "-", 0).factory();
        this.platform = Thread.ofPlatform().name(name + "-sample-", 0).daemon().factory();
    }

    @Override
    public Running start(Call call, Consumer<Ending> ended) {
        Attempt attempt = places.take(call, ended);
        switch (call.function()) {
            case AsyncFunction function -> startOn(virtual, attempt, () -> begin(attempt, function));
            case ChunkFunction _, ChildFunction _ ->
                startOn(virtual, attempt, () -> attempt.run(Stopwatch.ofWallTime()));
        }
        return attempt;
    }

    /** As {@link #start}, on a platform thread for this call alone, so that its CPU time is measured. */
    public Running startMeasured(Call call, Consumer<Ending> ended) {
        Attempt attempt = places.take(call, ended);
        startOn(platform, attempt, () -> attempt.run(Stopwatch.ofThisThread(true)));
        return attempt;
    }

    private void startOn(ThreadFactory threads, Attempt attempt, Runnable run) {
        threads.newThread(closed ? () -> attempt.end(new Ending.Stopped()) : run)
                .start();
    }

    private void begin(Attempt attempt, AsyncFunction function) {
        if (!attempt.begin(Thread.currentThread()::interrupt)) {
            return;
        }
        Stopwatch watch = Stopwatch.ofWallTime();
        try {
            CompletableFuture<ArraySlice> stage = stage(attempt.call(), function);
            attempt.interruptedBy(() -> places.apart(() -> stage.cancel(true)));
            CompletableFuture<?> _ = stage.whenComplete(
                    (answer, error) -> virtual.newThread(() -> attempt.end(ending(answer, error, watch)))
                            .start());
        } catch (Throwable e) {
            attempt.end(Thrown.ending(e));
        }
    }

    private static CompletableFuture<ArraySlice> stage(Call call, AsyncFunction function) throws Exception {
        ArraySlice chunk = Npy.decode(MemorySegment.ofArray(call.npy()), call.where());
        return function.apply(chunk, call.parameters()).toCompletableFuture();
    }

    private static Ending ending(@Nullable ArraySlice answer, @Nullable Throwable error, Stopwatch watch) {
        if (error != null) {
            return Thrown.ending(error);
        }
        try {
            byte[] npy = Npy.encode(Objects.requireNonNull(answer, "the stage completed with null"));
            return new Ending.Answered(npy, watch.wallNanos(), OptionalLong.empty());
        } catch (Throwable e) {
            return Thrown.ending(e);
        }
    }

    @Override
    public int free() {
        return places.free();
    }

    @Override
    public void resize(int parallelism) {
        places.resize(parallelism);
    }

    @Override
    public void close() {
        closed = true;
    }
}
