package io.fanfold.producer.dispatch;

/**
 * How many bytes of one job may be written and not done: so many that the fleet never waits for chunks, and no more, so that a job of
 * any size never stands in Kafka whole, and a small one behind it has its turn soon.
 *
 * <p>It starts small and is measured in <em>rounds</em>: the time in which all that was written at the beginning of the round is
 * done. As long as a window of double size makes the fleet faster by a good part, it is doubled; when it does not, it goes back, and
 * tries again after some rounds, as workers may have come. Where nothing had to wait for it in a round, it says nothing.
 *
 * <p>Pure; one thread.
 */
final class Window {
    static final long LEAST_BYTES = 16L << 20;
    static final long MOST_BYTES = 512L << 20;
    /** What a record costs beside its value: headers, key, and what is kept for it. */
    static final int ENVELOPE_BYTES = 512;

    private static final double FASTER = 1.15;
    private static final int ROUNDS_BETWEEN_TRIES = 16;

    private long limit = LEAST_BYTES;
    private long bytes;
    private long chunks;
    private long mark = -1;
    private long markDone;
    private long markNanos;
    private boolean waited;
    private boolean trying = true;
    private double best;
    private int quiet;

    /** A chunk was written, of so many bytes. */
    void wrote(long chunkBytes) {
        bytes += chunkBytes + ENVELOPE_BYTES;
        chunks++;
    }

    /** Bytes that are written and not done, where {@code next} is the index of the next chunk and {@code done} are done. */
    long inFlight(long next, long done) {
        return chunks == 0 ? 0 : Math.max(0, next - done) * (bytes / chunks);
    }

    /** The bytes that may be in flight now. */
    long limit() {
        return limit;
    }

    /** Somebody has to wait for room. */
    void waits() {
        waited = true;
    }

    /** Hears how far the job is, at {@code nanos} of {@link System#nanoTime}. */
    void hear(long next, long done, long nanos) {
        if (mark < 0) {
            begin(next, done, nanos);
        } else if (done >= mark) {
            if (waited && nanos > markNanos) {
                judge((done - markDone) / (double) (nanos - markNanos));
            }
            begin(next, done, nanos);
        }
    }

    private void begin(long next, long done, long nanos) {
        mark = Math.max(next, done + 1);
        markDone = done;
        markNanos = nanos;
        waited = false;
    }

    private void judge(double rate) {
        if (!trying && limit < MOST_BYTES && ++quiet >= ROUNDS_BETWEEN_TRIES) {
            tryMore(rate);
        } else if (trying && rate > FASTER * best) {
            tryMore(rate);
        } else if (trying) {
            trying = false;
            quiet = 0;
            limit = Math.max(LEAST_BYTES, limit / 2);
        }
    }

    private void tryMore(double rate) {
        best = rate;
        trying = limit < MOST_BYTES;
        limit = Math.min(MOST_BYTES, 2 * limit);
    }
}
