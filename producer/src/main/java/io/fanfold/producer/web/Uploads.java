package io.fanfold.producer.web;

import io.fanfold.http.HttpSettings;
import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.client.MapRequest;
import io.fanfold.producer.client.ParallelMap;
import io.fanfold.producer.dispatch.ConflictException;
import io.fanfold.producer.source.HeadedRows;
import io.fanfold.producer.source.Incoming;
import io.fanfold.producer.source.NpyRows;
import io.fanfold.producer.source.Rows;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.array.ArraySlice;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Arrays that come in over HTTP. One that can be cut while it comes in is: its first chunks are computed before its last have come,
 * and only some of them are in memory. Others are spooled to disk. Any thread; each array is taken in on its caller's.
 */
final class Uploads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Uploads.class);

    private static final Duration WITHDRAWN_WITHIN = Duration.ofSeconds(20);

    private final ParallelMap map;
    private final Spool spool;
    private final HttpSettings.Uploads limits;
    private final Semaphore places;
    private final Set<JobHandle> open = ConcurrentHashMap.newKeySet();
    private final Set<Thread> busy = ConcurrentHashMap.newKeySet();
    private volatile boolean draining;
    private volatile boolean closing;

    Uploads(ParallelMap map, Path directory, HttpSettings.Uploads limits) {
        this.map = map;
        this.spool = new Spool(directory);
        this.limits = limits;
        this.places = new Semaphore(limits.atOnce());
    }

    /** Writes the chunks of a job. */
    private interface Writing {
        void write(BooleanSupplier goOn) throws IOException;
    }

    /**
     * Lets a body pass that is no longer than it may be.
     *
     * @param bytes negative: nobody knows how long it is
     */
    void requireShort(long bytes) {
        Arrival.requireShort(bytes, limits.bodyBytes());
    }

    /**
     * Takes an array in; returns when the broker has all of its chunks, or its job has ended before.
     *
     * @throws BusyException if this producer has enough to do
     * @throws Arrival.CutException if the body broke off: a job is left without its other chunks, to be sent again under its key
     * @throws io.fanfold.protocol.array.ArrayFormatException if the body is no array as announced; the job, if there was one by then, is cancelled
     */
    JobHandle take(InputStream body, ArrayFormat format, MapRequest request) throws IOException {
        requireRoom();
        if (!places.tryAcquire()) {
            throw new BusyException(
                    limits.atOnce() + " arrays are coming in here at the same time, the most that may (--max-uploads)");
        }
        busy.add(Thread.currentThread());
        try {
            Rows rows = format.open(new Arrival(body, limits.bodyBytes()));
            return streams(rows, request.axis()) ? stream(rows, request) : spool(rows, request);
        } finally {
            busy.remove(Thread.currentThread());
            places.release();
        }
    }

    private void requireRoom() {
        open.removeIf(JobHandle::over);
        if (draining) {
            throw stopping("nothing of the array was taken");
        }
        if (open.size() >= limits.openJobs()) {
            throw new BusyException(
                    open.size() + " jobs that came in here have not ended, the most that may be open (--max-jobs)");
        }
    }

    private static boolean streams(Rows rows, int axis) {
        int rank = rows.header().shape().rank();
        return rows instanceof NpyRows npy ? npy.streams(axis) : axis == 0 || axis == -rank;
    }

    private JobHandle stream(Rows rows, MapRequest request) throws IOException {
        HeadedRows headed = Rows.ahead(rows);
        JobHandle job = map.accept(headed.incoming(), request);
        return written(job, request, goOn -> map.dispatch(job, headed, goOn));
    }

    private JobHandle spool(Rows rows, MapRequest request) throws IOException {
        try (Arena arena = Arena.ofShared()) {
            ArraySlice array = spool.take(rows, arena);
            JobHandle job = map.accept(Incoming.of(array), request);
            return written(job, request, goOn -> map.dispatch(job, array, goOn));
        }
    }

    private JobHandle written(JobHandle job, MapRequest request, Writing writing) throws IOException {
        open.add(job);
        boolean lasting = request.key().isPresent();
        AtomicBoolean stopped = new AtomicBoolean();
        try {
            writing.write(() -> {
                stopped.set(closing);
                return !closing;
            });
        } catch (ConflictException e) {
            throw e; // the job that has the key is somebody else's
        } catch (IOException e) {
            requireGoingOn(job, lasting);
            LOG.atWarn()
                    .addKeyValue("job", job.id())
                    .addKeyValue("reason", e.getMessage())
                    .log("upload broke off: the job waits for the same key, or expires");
            throw e;
        } catch (RuntimeException e) {
            requireGoingOn(job, lasting);
            withdraw(job, "its array could not be taken in: " + e.getMessage());
            throw e;
        }
        if (stopped.get()) {
            requireGoingOn(job, lasting);
        }
        return job;
    }

    /** Whoever stops leaves what has a key to be sent again, and nothing else. */
    private void requireGoingOn(JobHandle job, boolean lasting) {
        if (!closing || job.over()) {
            return;
        }
        if (!lasting) {
            withdraw(job, "its producer was stopped before all of its chunks were written");
        }
        throw stopping(
                lasting
                        ? "send the array again with the same Idempotency-Key, and job " + job.id() + " goes on"
                        : "job " + job.id() + " is cancelled: send the array again");
    }

    /** Where its chunks were all written before, what came now does not matter to it. */
    private void withdraw(JobHandle job, String why) {
        boolean interrupted = Thread.interrupted(); // the request to cancel has to go out all the same
        try {
            if (job.seal().isEmpty()) {
                map.cancel(job.id(), why);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static FanfoldException stopping(String remedy) {
        return new FanfoldException("this producer is being stopped: " + remedy);
    }

    /** Takes nothing new. What is coming in may go on for a while, and stops then at its next chunk, even where it would have to wait for that. */
    @Override
    public void close() {
        draining = true;
        try {
            if (allIn(limits.drain())) {
                return;
            }
            closing = true;
            busy.forEach(Thread::interrupt);
            if (!allIn(WITHDRAWN_WITHIN)) {
                LOG.warn("some arrays that were coming in could neither be written nor cancelled in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean allIn(Duration patience) throws InterruptedException {
        return places.tryAcquire(limits.atOnce(), patience.toMillis(), TimeUnit.MILLISECONDS);
    }
}
