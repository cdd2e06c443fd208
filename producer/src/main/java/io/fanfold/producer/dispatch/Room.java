package io.fanfold.producer.dispatch;

import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.wire.JobState;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** The room that one job has for chunks in flight: within its own window, and within what all jobs of a producer have. One thread. */
final class Room implements AutoCloseable {
    /** What may be in flight of all jobs together, before each is held to the least window. */
    private static final long MOST_BYTES = 1L << 30;

    private static final Duration PATIENCE = Duration.ofMillis(100);

    private final AtomicLong all;
    private final Course course;
    private final BooleanSupplier goOn;
    private final Window window = new Window();
    private long mine;

    /** @param all bytes that all jobs of this producer have in flight */
    Room(AtomicLong all, Course course, BooleanSupplier goOn) {
        this.all = all;
        this.course = course;
        this.goOn = goOn;
    }

    /**
     * Waits until there is room for chunk {@code index} of so many bytes.
     *
     * @return whether it shall be written; if not, none behind it either
     */
    boolean admit(long index, long bytes) {
        while (!course.over() && goOn.getAsBoolean()) {
            JobState.Progress progress = course.progress();
            if (has(index, progress.done())) {
                window.wrote(bytes);
                return true;
            }
            window.waits();
            await(progress);
        }
        return false;
    }

    private boolean has(long index, long done) {
        window.hear(index, done, System.nanoTime());
        long now = window.inFlight(index, done);
        long total = all.addAndGet(now - mine);
        mine = now;
        return now < window.limit() && (total < MOST_BYTES || now < Window.LEAST_BYTES);
    }

    private void await(JobState.Progress known) {
        try {
            course.await(known, PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FanfoldException("interrupted while dispatching job " + known.job(), e);
        }
    }

    @Override
    public void close() {
        all.addAndGet(-mine);
    }
}
