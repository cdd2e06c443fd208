package io.fanfold.producer.dispatch;

import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.wire.ChunkHeader;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.Records;
import io.micrometer.core.instrument.Counter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The chunks of one accepted job on their way to the broker, to the partitions of its pool in turn. One thread. */
public final class Dispatch {
    private final Writer writer;
    private final Place place;
    private final JobRecord.Spec spec;
    private final Counter chunks;
    private final Consumer<JobRecord.Seal> sealer;
    private final byte[] header;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    /** Of each partition the last: when the broker has that, it has those before. */
    private final List<@Nullable Future<?>> last;

    private int next;

    /**
     * Where they go.
     *
     * @param width partitions of the topic
     * @param count chunks of the whole job, where known
     */
    record Place(String topic, int width, OptionalLong count) {}

    Dispatch(Writer writer, Place place, JobRecord.Spec spec, Counter chunks, Consumer<JobRecord.Seal> sealer) {
        this.writer = writer;
        this.place = place;
        this.spec = spec;
        this.chunks = chunks;
        this.sealer = sealer;
        this.header = Records.headerBytes(spec.header());
        this.last = new ArrayList<>(Collections.nCopies(place.width(), null));
        this.next = ThreadLocalRandom.current().nextInt(place.width());
    }

    /**
     * Writes a chunk; waits while the producer's buffer is full.
     *
     * @param start its first row along the split axis
     * @param npy its rows as {@code .npy} bytes; not copied
     * @throws FanfoldException if the broker refused one of those before
     */
    public void write(long index, long start, byte[] npy) {
        requireAccepted();
        ChunkHeader chunk = new ChunkHeader(index, start, place.count());
        int partition = next;
        next = (next + 1) % place.width();
        Future<?> sent =
                writer.send(Records.chunk(place.topic(), partition, spec.job(), header, chunk, npy), (_, e) -> {
                    if (e != null) {
                        failure.compareAndSet(null, e);
                    }
                });
        last.set(partition, sent);
        chunks.increment();
    }

    /**
     * Says that all chunks are written; returns when the broker has them and that.
     *
     * @param count how many there were
     * @param rows length of the split axis
     * @param crc32c of the array's data, where known
     * @throws FanfoldException if the broker refused one
     */
    public void seal(long count, long rows, Optional<String> crc32c) {
        last.forEach(this::await);
        requireAccepted();
        sealer.accept(new JobRecord.Seal(spec.job(), count, rows, crc32c));
    }

    /** Waits until the broker has a record, or does not take it. */
    private void await(@Nullable Future<?> sent) {
        try {
            if (sent != null) {
                sent.get();
            }
        } catch (ExecutionException e) {
            failure.compareAndSet(null, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FanfoldException("interrupted while the chunks of job " + spec.job() + " were written", e);
        }
    }

    private void requireAccepted() {
        Exception e = failure.get();
        if (e != null) {
            throw new FanfoldException(
                    "chunks of job " + spec.job() + " cannot be written to " + place.topic() + ": " + e.getMessage(),
                    e);
        }
    }
}
