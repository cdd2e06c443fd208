package io.fanfold.cli;

import io.fanfold.cli.local.LocalFleet;
import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.dispatch.Acceptance;
import io.fanfold.producer.dispatch.Limits;
import io.fanfold.producer.split.ChunkSize;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.npy.NpyHeader;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.protocol.wire.Topics;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Maps arrays through a fleet that runs, and takes the time from submission to the whole result. */
final class TimedMap {
    private final LocalFleet fleet;
    private final Path directory;

    /** @param directory where the arrays go */
    TimedMap(LocalFleet fleet, Path directory) {
        this.fleet = fleet;
        this.directory = directory;
    }

    /** An array of zeros. */
    Path zeros(String name, DType dtype, int rows) throws IOException {
        NpyHeader header = new NpyHeader(dtype, Shape.of(rows), Order.C);
        Path file = directory.resolve(name);
        Files.write(file, header.encode());
        Files.write(file, new byte[Math.toIntExact(header.dataBytes())], java.nio.file.StandardOpenOption.APPEND);
        return file;
    }

    /** Points of the complex plane, see {@link MandelbrotPlane}. */
    Path plane(String name, int size) throws IOException {
        Path file = directory.resolve(name);
        new MandelbrotPlane(size, 1).write(file);
        return file;
    }

    /** Seconds of one map. */
    double seconds(Path file, String function, Map<String, ?> parameters, int chunks, Strategy strategy)
            throws IOException {
        Acceptance request = new Acceptance(
                Optional.empty(),
                RunCommand.builtIn(function),
                parameters,
                Topics.DEFAULT_POOL,
                strategy,
                Fold.CONCAT,
                0,
                new ChunkSize.Count(chunks),
                Limits.NONE);
        try (Arena arena = Arena.ofShared()) {
            ArraySlice array = Npy.map(file, arena);
            long begin = System.nanoTime();
            JobHandle job = fleet.map().accept(new NpyHeader(array.dtype(), array.shape(), array.order()), request);
            fleet.map().dispatch(job, array);
            JobState.Terminal end = job.ended().join();
            if (end.end() != JobState.End.COMPLETED) {
                throw new FanfoldException("job " + job.id() + " ended " + end.end() + ": "
                        + end.error().orElse("no reason was given"));
            }
            Path result = fleet.result(job.id());
            byte[] bytes = Files.readAllBytes(result);
            double seconds = (System.nanoTime() - begin) / 1e9;
            if (bytes.length < array.shape().dim(0)) {
                throw new FanfoldException("the result of job " + job.id() + " is too short");
            }
            Files.delete(result);
            return seconds;
        }
    }
}
