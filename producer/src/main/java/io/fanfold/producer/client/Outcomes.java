package io.fanfold.producer.client;

import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.intake.OutcomeLog;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.ResultInfo;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;

/**
 * The outcomes of a job's chunks, each once, as they come: {@code as_completed} of {@code concurrent.futures}. They are read from the
 * broker, from the time at which the job was accepted, so all are given, however late one asks, as long as they are there; when
 * the job has ended, and those are given that came until then, there are no more.
 *
 * <p>Of each chunk the first outcome that was computed is given. That a chunk failed is given once that is final: at once where the
 * first failure fails the job, else when the job has ended. Of a revision there are the chunks that it computes. In a job that folds,
 * they may be parts of the fold in place of answers.
 *
 * <p>How the job ended is not told here: {@link JobHandle#ended} is. Memory: what one poll of the broker brings, a bit for each
 * chunk, and what is said of failures. One thread; {@link #close} may be called by any, and ends a wait.
 */
public final class Outcomes implements Iterable<ChunkOutcome>, AutoCloseable {
    /** How far the clocks of the brokers that write jobs and outcomes may be apart. */
    private static final Duration MARGIN = Duration.ofSeconds(60);

    private static final Duration STEP = Duration.ofMillis(100);

    private final JobHandle job;
    private final OutcomeLog log;
    private final Settling settling;
    private final Queue<ChunkOutcome> ready = new ArrayDeque<>();
    private final Iterator<ChunkOutcome> iterator = new Blocking();
    private OptionalLong last = OptionalLong.empty();
    private boolean over;
    private volatile boolean closed;

    Outcomes(JobHandle job, KafkaSettings kafka, String clientId) {
        this.job = job;
        this.log = new OutcomeLog(kafka, clientId, job.spec().header().outcomesPartition());
        this.settling = new Settling(job.spec(), job::rows);
        try {
            begin();
        } catch (RuntimeException e) {
            log.close();
            throw e;
        }
    }

    /** Nothing of a job is deleted before its end: whoever begins before that has all. */
    private void begin() {
        long first = log.begin();
        boolean running = !job.over();
        long next = log.end();
        long from = job.accepted()
                .map(accepted -> log.at(accepted.minus(MARGIN)).orElse(next))
                .orElse(first);
        if (!running && first > 0 && from <= first && !kept(first)) {
            throw new OutcomesGoneException(job.id());
        }
        log.seek(Math.max(from, first));
    }

    private boolean kept(long first) {
        return origin().filter(origin -> origin.firstOutcome() >= first).isPresent();
    }

    private Optional<ResultInfo.Origin> origin() {
        return job.end().flatMap(JobState.Terminal::result).flatMap(ResultInfo::origin);
    }

    /**
     * The one iterator that there is; it goes on where it was. It waits for the next outcome.
     *
     * @throws OutcomesGoneException from {@code hasNext}, if outcomes were deleted before they were read
     * @throws FanfoldException from {@code hasNext}, if the broker, or this client, cannot tell any more, or this was closed
     */
    @Override
    public Iterator<ChunkOutcome> iterator() {
        return iterator;
    }

    /**
     * The next outcome; empty if none comes in that time, or there are no more: {@link #over} tells.
     *
     * @throws FanfoldException as {@link #iterator}
     */
    public Optional<ChunkOutcome> poll(Duration patience) {
        long begin = System.nanoTime();
        Duration left = patience;
        while (ready.isEmpty() && !over && !left.isNegative()) {
            read(left.compareTo(STEP) < 0 ? left : STEP);
            left = patience.minusNanos(System.nanoTime() - begin);
        }
        return Optional.ofNullable(ready.poll());
    }

    /** Whether all have been given. */
    public boolean over() {
        return over && ready.isEmpty();
    }

    private synchronized void read(Duration wait) {
        if (closed) {
            throw new FanfoldException("the outcomes of job " + job.id() + " were closed while they were read");
        }
        if (through()) {
            end();
        } else if (!log.poll(wait, outcome -> settling.take(outcome).ifPresent(ready::add))) {
            throw new OutcomesGoneException(job.id());
        }
    }

    /** Whether the job has ended and all is read that counted, or, where that is not known, that was there then. */
    private boolean through() {
        if (!job.over()) {
            return false;
        }
        job.requireKnown();
        if (last.isEmpty()) {
            last = OptionalLong.of(log.end());
        }
        long next = log.position();
        long counted = origin().map(ResultInfo.Origin::lastOutcome).orElse(Long.MAX_VALUE);
        return next >= last.getAsLong() || (next > counted && settling.complete());
    }

    private void end() {
        JobState.Terminal end = job.end().orElseThrow();
        if (end.end() == JobState.End.COMPLETED && !settling.complete()) {
            throw new OutcomesGoneException(job.id());
        }
        ready.addAll(settling.end());
        over = true;
    }

    @Override
    public void close() {
        closed = true;
        log.wakeUp();
        synchronized (this) {
            log.close();
        }
    }

    private final class Blocking implements Iterator<ChunkOutcome> {
        @Override
        public boolean hasNext() {
            while (ready.isEmpty() && !over) {
                read(STEP);
            }
            return !ready.isEmpty();
        }

        @Override
        public ChunkOutcome next() {
            if (!hasNext()) {
                throw new NoSuchElementException("all outcomes of job " + job.id() + " were given");
            }
            return ready.remove();
        }
    }
}
