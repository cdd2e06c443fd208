package io.fanfold.bench.rig;

import io.fanfold.cli.local.LocalFleet;
import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.dispatch.Acceptance;
import io.fanfold.producer.dispatch.Limits;
import io.fanfold.producer.split.ChunkSize;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.npy.NpyHeader;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.protocol.wire.Topics;
import io.fanfold.worker.function.FunctionRegistry;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A fleet that runs, as {@code fanfold run} starts it: its workers are processes, client and aggregator are in this JVM, its broker is
 * a process too. One thread submits.
 */
public final class BenchFleet implements AutoCloseable {
    private final LocalFleet fleet;

    private BenchFleet(LocalFleet fleet) {
        this.fleet = fleet;
    }

    static BenchFleet start(KafkaSettings kafka, Path work, int workers, List<String> options) throws IOException {
        return new BenchFleet(LocalFleet.start(kafka, work, workers, options));
    }

    public KafkaSettings kafka() {
        return fleet.kafka();
    }

    public LocalFleet local() {
        return fleet;
    }

    /**
     * What is to be mapped.
     *
     * @param file the array, {@code .npy}
     */
    public record Work(
            Path file, FunctionDescription function, Map<String, ?> parameters, ChunkSize chunks, Strategy strategy) {
        /** A function in Java, built in or on the class path, with the strategy that is the default. */
        public static Work of(Path file, String function, Map<String, ?> parameters, ChunkSize chunks) {
            FunctionDescription known = FunctionRegistry.load().latest(function).orElseThrow();
            return new Work(file, known, parameters, chunks, Strategy.AUTO);
        }

        /** The same with a strategy picked by hand. */
        public Work by(Strategy picked) {
            return new Work(file, function, parameters, chunks, picked);
        }
    }

    /** Sees a result before it is removed. */
    public interface Look {
        void at(Path result) throws IOException;
    }

    /** Seconds from the submission of an array to its whole result under its final name; the result is removed. */
    public double seconds(Work work) throws IOException {
        return seconds(work, _ -> {});
    }

    /**
     * Seconds from the submission of an array to its whole result under its final name; the result is removed.
     *
     * @param look sees the result when the time is taken
     * @throws FanfoldException if there is none
     */
    public double seconds(Work work, Look look) throws IOException {
        Acceptance request = request(work);
        try (Arena arena = Arena.ofShared()) {
            long begin = System.nanoTime();
            ArraySlice array = Npy.map(work.file(), arena);
            JobHandle job = fleet.map().accept(new NpyHeader(array.dtype(), array.shape(), array.order()), request);
            fleet.map().dispatch(job, array);
            JobState.Terminal end = job.ended().join();
            double seconds = (System.nanoTime() - begin) / 1e9;
            if (end.end() != JobState.End.COMPLETED) {
                throw new FanfoldException("job " + job.id() + " ended " + end.end() + ": "
                        + end.error().orElse("no reason was given"));
            }
            Path result = fleet.result(job.id());
            look.at(result);
            Files.delete(result);
            return seconds;
        }
    }

    /** A job that goes on in the background. */
    public final class Running {
        private final JobHandle job;
        private final Arena arena;
        private final Thread dispatching;

        private Running(Work work) {
            this.arena = Arena.ofShared();
            ArraySlice array = Npy.map(work.file(), arena);
            this.job = fleet.map().accept(new NpyHeader(array.dtype(), array.shape(), array.order()), request(work));
            this.dispatching = Thread.ofPlatform().start(() -> fleet.map().dispatch(job, array));
        }

        /** Waits until so many of its chunks are done, or it has ended. */
        public void untilDone(long chunks) throws InterruptedException {
            while (job.progress().done() < chunks && !job.over()) {
                job.await(job.progress(), Duration.ofMillis(100));
            }
        }

        /** Ends it, if it has not ended. */
        public void cancel() throws InterruptedException {
            fleet.map().cancel(job.id(), "measured");
            JobState.Terminal _ = job.ended().join();
            dispatching.join();
            arena.close();
        }
    }

    /** Begins a job. */
    public Running begin(Work work) {
        return new Running(work);
    }

    private static Acceptance request(Work work) {
        return new Acceptance(
                Optional.empty(),
                work.function(),
                work.parameters(),
                Topics.DEFAULT_POOL,
                work.strategy(),
                Fold.CONCAT,
                0,
                work.chunks(),
                Limits.NONE);
    }

    @Override
    public void close() {
        fleet.close();
    }
}
