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
        Path file = Files.createTempFile(directory, "upload-", ".npy");
        Arena arena = Arena.ofShared();
        try {
            Files.copy(npy, file, StandardCopyOption.REPLACE_EXISTING);
            ArraySlice array = Npy.map(file, arena, "the body of the request");
            JobHandle job = map.accept(new NpyHeader(array.dtype(), array.shape(), array.order()), request);
            Future<?> _ = dispatching.submit(() -> dispatch(job, array, arena, file));
            return job;
        } catch (IOException | RuntimeException e) {
            arena.close();
            Files.deleteIfExists(file);
            throw e;
        }
    }

    private void dispatch(JobHandle job, ArraySlice array, Arena arena, Path file) {
        try (arena) {
            map.dispatch(job, array);
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).addKeyValue("job", job.id()).log("dispatch stopped: the job is cancelled");
            map.cancel(job.id(), "its chunks could not be written: " + e.getMessage());
        } finally {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                LOG.warn("an upload could not be removed", e);
            }
        }
    }

    @Override
    public void close() {
        dispatching.shutdownNow();
    }
}
