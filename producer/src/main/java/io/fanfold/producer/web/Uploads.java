package io.fanfold.producer.web;

import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.client.ParallelMap;
import io.fanfold.producer.dispatch.Acceptance;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.npy.NpyHeader;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Arrays that came over HTTP: each is spooled to disk, checked whole, accepted, and dispatched in the background from its mapped
 * file. Any thread.
 */
final class Uploads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Uploads.class);

    private final Path directory;
    private final ParallelMap map;
    private volatile boolean closing;
    private final ExecutorService dispatching = Executors.newFixedThreadPool(
            2, Thread.ofPlatform().name("dispatch-", 0).daemon().factory());

    Uploads(Path directory, ParallelMap map) {
        this.directory = directory;
        this.map = map;
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new FanfoldException(
                    "the spool " + directory + " cannot be made (" + e
                            + "): give a directory that can be written (--spool)",
                    e);
        }
    }

    /**
     * Takes one {@code .npy} array in.
     *
     * @return the accepted job; its chunks are being written
     */
    JobHandle accept(InputStream npy, Acceptance request) throws IOException {
        Arena arena = Arena.ofShared();
        try {
            ArraySlice array = spool(npy, arena);
            JobHandle job = map.accept(new NpyHeader(array.dtype(), array.shape(), array.order()), request);
            Future<?> _ = dispatching.submit(() -> dispatch(job, array, arena));
            return job;
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /** The file goes as soon as it is mapped: its bytes stay for as long as the mapping, and a crash leaves none behind. */
    private ArraySlice spool(InputStream npy, Arena arena) throws IOException {
        Path file = Files.createTempFile(directory, "upload-", ".npy");
        try {
            Files.copy(npy, file, StandardCopyOption.REPLACE_EXISTING);
            return Npy.map(file, arena, "the body of the request");
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private void dispatch(JobHandle job, ArraySlice array, Arena arena) {
        try (arena) {
            map.dispatch(job, array, () -> !closing);
            if (closing && !job.over()) {
                map.cancel(job.id(), "its producer was stopped before all of its chunks were written");
            }
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).addKeyValue("job", job.id()).log("dispatch stopped: the job is cancelled");
            map.cancel(job.id(), "its chunks could not be written: " + e.getMessage());
        }
    }

    /** Stops at the next chunk; every job that was accepted and is not written whole is cancelled. */
    @Override
    public void close() {
        closing = true;
        dispatching.shutdown();
        try {
            if (!dispatching.awaitTermination(20, TimeUnit.SECONDS)) {
                LOG.warn("some jobs could neither be written nor cancelled in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
