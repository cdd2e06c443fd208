package io.fanfold.cli.door;

import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.client.MapRequest;
import io.fanfold.producer.client.ParallelMap;
import io.fanfold.producer.source.HeadedRows;
import io.fanfold.producer.source.Incoming;
import io.fanfold.producer.source.NpyRows;
import io.fanfold.producer.source.Rows;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.JobId;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Writes the chunks of one job after the other. One thread submits, another may stop it. */
final class Dispatching {
    private static final String STDIN = "standard input";

    private final ParallelMap map;
    private final DoubleSupplier dispatched;
    private volatile boolean stopping;
    /** The job whose chunks are being written, where nobody would find it again without them. */
    private volatile @Nullable JobId unfinished;

    /** @param dispatched how many chunks the client has written */
    Dispatching(ParallelMap map, DoubleSupplier dispatched) {
        this.map = map;
        this.dispatched = dispatched;
    }

    /** Accepts an array and writes it all. */
    JobHandle submit(Request.Array array, MapRequest asked, LongConsumer sent) throws IOException {
        return switch (array) {
            case Request.Array.File file -> mapped(file.path(), file.path().toString(), asked, sent);
            case Request.Array.Stream stream -> streamed(stream.in(), asked, sent);
        };
    }

    private JobHandle mapped(Path file, String where, MapRequest asked, LongConsumer sent) throws IOException {
        try (Arena arena = Arena.ofShared()) {
            ArraySlice array = Npy.map(file, arena, where);
            JobHandle job = map.accept(Incoming.of(array), asked);
            long chunks = Math.max(1, job.count().orElse(1));
            long bytes = array.data().byteSize();
            double before = dispatched.getAsDouble();
            written(
                    job,
                    () -> map.dispatch(job, array, () -> {
                        double share = (dispatched.getAsDouble() - before) / chunks;
                        sent.accept((long) (bytes * Math.min(1, share)));
                        return !stopping;
                    }));
            sent.accept(bytes);
            return job;
        }
    }

    /** Row after row, where that is how they come; else from a file for a while. */
    private JobHandle streamed(InputStream in, MapRequest asked, LongConsumer sent) throws IOException {
        try (Sent counted = new Sent(in, sent)) {
            NpyRows rows = NpyRows.open(counted, STDIN);
            if (!rows.streams(asked.axis())) {
                return spooled(rows, asked, sent);
            }
            HeadedRows headed = Rows.ahead(rows);
            JobHandle job = map.accept(headed.incoming(), asked);
            written(job, () -> map.dispatch(job, headed, () -> !stopping));
            return job;
        }
    }

    private JobHandle spooled(NpyRows rows, MapRequest asked, LongConsumer sent) throws IOException {
        Path file = Files.createTempFile("fanfold-", ".npy");
        try {
            Files.copy(rows.whole(), file, StandardCopyOption.REPLACE_EXISTING);
            return mapped(file, STDIN, asked, sent);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private interface Writing {
        void write() throws IOException;
    }

    /** A job that cannot be written whole is ended, unless whoever submits it again goes on with it. */
    private void written(JobHandle job, Writing writing) throws IOException {
        unfinished = job.spec().claim().isPresent() ? null : job.id();
        try {
            writing.write();
        } catch (IOException | RuntimeException e) {
            throw broken(job, e);
        }
        if (stopping) {
            throw new FanfoldException("stopped before all chunks of job " + job.id() + " were written");
        }
        unfinished = null;
    }

    private FanfoldException broken(JobHandle job, Exception why) {
        String reason = why.getMessage();
        Optional<JobId> given = Optional.ofNullable(unfinished);
        unfinished = null;
        FanfoldException said = new FanfoldException(
                "the chunks of job " + job.id() + " cannot be written: " + reason
                        + (given.isPresent() ? "" : "; the same command goes on where it stopped"),
                why);
        given.ifPresent(id -> cancel(id, "its chunks could not all be written: " + reason, said));
        return said;
    }

    private void cancel(JobId job, String reason, FanfoldException first) {
        try {
            map.cancel(job, reason);
        } catch (FanfoldException e) {
            first.addSuppressed(e);
        }
    }

    /** Writes no more; a job that is left without its other chunks for good is cancelled. */
    void stop() {
        stopping = true;
        JobId job = unfinished;
        if (job != null) {
            map.cancel(job, "given up at the command line before all of its chunks were written");
        }
    }
}
