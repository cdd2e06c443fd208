package io.fanfold.worker.lane;

import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.protocol.wire.WireException;
import io.fanfold.worker.strategy.Choice;
import io.fanfold.worker.strategy.Ending;
import io.fanfold.worker.strategy.Execution;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One assigned partition: what waits, what runs, its ledger, and how much of it is held.
 *
 * <p>The poll thread offers records and asks for marks to commit; the threads of the strategies report how chunks ended. Each of
 * these moments pumps: starts what can be started. Nothing here blocks, but for the telling of an outcome, which happens
 * on the thread that computed it, while the producer's buffer is full.
 *
 * <p>A closed lane has no ledger any more: a chunk that ends later still emits what it computed, since a duplicate is harmless,
 * but only the current owner records a completion.
 */
public final class Lane {
    /** A suspect that runs alone does so in a child process. */
    private static final Choice ALONE = new Choice(Strategy.PROCESSES, false);

    /**
     * What to commit for a lane.
     *
     * @param offset the lowest offset that is not done
     * @param text the bookmark, as the commit's metadata
     * @param horizon chunks below it may be started once this is acknowledged
     */
    public record Mark(long offset, String text, long horizon) {}

    private final Workshop workshop;
    private final Ledger ledger;
    private final Executions executions;
    private final LaneMeters meters;
    private final String topicId;
    private final Reserve reserve;
    private final Turns<JobId, Chunk> waiting = new Turns<>();
    private final Set<Chunk> running = new HashSet<>();
    private final Map<Chunk, Future<?>> held = new HashMap<>();
    /** Those that ran when the lane was stopped: they may have been abandoned, and do harm yet. */
    private final Set<Long> interrupted = new HashSet<>();

    private volatile int poolSize = 1;
    private String committedText = "";
    private long wanted;
    private long heldBytes;
    private boolean closed;

    /**
     * A lane whose records have not come yet.
     *
     * @param topicId the id of its topic
     * @param offset what was committed last, or where the partition begins
     * @param text the metadata of that commit, empty if there was none
     * @param logEnd the end of the partition's log when it was taken over
     */
    public Lane(Workshop workshop, int partition, String topicId, long offset, String text, long logEnd) {
        this.workshop = workshop;
        this.topicId = topicId;
        this.ledger = new Ledger(BookmarkText.read(offset, text, topicId).orElse(Bookmark.at(offset)), logEnd);
        this.reserve = new Reserve(ledger.started());
        this.executions = workshop.executions("lane-" + partition, this::pump);
        this.meters = workshop.meters(partition, this);
    }

    /** Takes records in, in the order of their offsets. Never blocks. */
    public synchronized void offer(List<ConsumerRecord<byte[], byte[]>> records) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (ledger.take(record.offset())) {
                heldBytes += Chunk.cost(record);
                accept(record);
            } else {
                meters.doneBefore();
            }
        }
        pump();
    }

    private void accept(ConsumerRecord<byte[], byte[]> record) {
        try {
            Chunk chunk = workshop.understood(record);
            if (workshop.cancelled(chunk.job().id())) {
                skip(chunk);
            } else if (!workshop.reports().reaches(chunk.job().header())) {
                workshop.aside(() -> reconsider(chunk));
            } else if (chunk.job().function().isEmpty()) {
                held.put(chunk, workshop.hold(chunk, () -> giveUp(chunk)));
            } else {
                chunk.suspicion =
                        ledger.suspect(chunk.offset()) ? workshop.suspicion(chunk.job()) : Chunk.Suspicion.NONE;
                waiting.add(chunk.job().id(), chunk);
            }
        } catch (WireException e) {
            refuse(record, e.getMessage());
        }
    }

    /** A record that is no chunk. */
    private void refuse(ConsumerRecord<byte[], byte[]> record, String reason) {
        meters.poison();
        long offset = record.offset();
        workshop.aside(() -> {
            workshop.reports().deadLetter(record, reason, () -> done(offset));
            release(record);
        });
    }

    /** Its job wants its outcomes on a partition that was not there when this worker last looked. */
    private void reconsider(Chunk chunk) {
        Optional<String> refusal =
                workshop.reports().lookForPartition(chunk.job().header());
        synchronized (this) {
            if (refusal.isPresent()) {
                refuse(chunk.record(), refusal.get());
            } else if (!closed) {
                accept(chunk.record());
                pump();
            }
        }
    }

    /** The grace of a chunk is over whose function this worker does not have. */
    private void giveUp(Chunk chunk) {
        if (letGo(chunk)) {
            workshop.unfit(chunk).ifPresent(failed -> fail(chunk, failed));
        }
    }

    /** Nobody waits for its function here any more; says whether somebody did. */
    private synchronized boolean letGo(Chunk chunk) {
        Future<?> wait = held.remove(chunk);
        if (wait != null) {
            workshop.letGo(wait);
        }
        return wait != null;
    }

    /** Starts what can be started. */
    public synchronized void pump() {
        while (!closed) {
            Optional<Chunk> next = waiting.next(this::canStart, this::canBegin);
            if (next.isEmpty()) {
                return;
            }
            start(next.get());
        }
    }

    private boolean canStart(Chunk chunk) {
        if (!ledger.mayStart(chunk.offset())) {
            wanted = Math.max(wanted, chunk.offset() + 1);
            return false;
        }
        return switch (chunk.suspicion) {
            case TOGETHER -> true;
            case ALONE -> executions.free(ALONE);
            case NONE -> canStart(chunk, workshop.choice(chunk.job()));
        };
    }

    /** The first chunk of a job need not wait for those that run: it may have one thread more. */
    private boolean canBegin(Chunk chunk) {
        return canStart(chunk) || (ledger.mayStart(chunk.offset()) && canOvertake(chunk));
    }

    private boolean canOvertake(Chunk chunk) {
        return chunk.suspicion == Chunk.Suspicion.NONE
                && workshop.runsNoneOf(chunk.job())
                && executions.oneMore(workshop.choice(chunk.job()));
    }

    private boolean canStart(Chunk chunk, Choice choice) {
        return executions.free(choice) && (choice.strategy() != Strategy.ASYNC || workshop.mayWait(chunk.job()));
    }

    private void start(Chunk chunk) {
        ledger.start(chunk.offset());
        running.add(chunk);
        meters.started(chunk);
        Optional<Verdict.Failed> unfit = workshop.unfit(chunk);
        if (unfit.isPresent()) {
            workshop.aside(() -> judged(chunk, unfit.get()));
            return;
        }
        chunk.running = switch (chunk.suspicion) {
            case TOGETHER -> executions.together().start(workshop.call(chunk), ending -> ended(chunk, ending));
            case ALONE -> executions.start(ALONE, workshop.call(chunk), ending -> ended(chunk, ending));
            case NONE -> startChosen(chunk, workshop.choice(chunk.job()));
        };
    }

    private Execution.Running startChosen(Chunk chunk, Choice choice) {
        Execution.Running handle = executions.start(choice, workshop.call(chunk), ending -> {
            learn(chunk, choice, ending);
            ended(chunk, ending);
        });
        workshop.started(chunk, choice, handle);
        return handle;
    }

    /** Not before {@link #startChosen} has said that it started. */
    private synchronized void learn(Chunk chunk, Choice choice, Ending ending) {
        workshop.ended(chunk, choice, ending);
    }

    private void ended(Chunk chunk, Ending ending) {
        meters.ended(chunk, ending);
        Ending folded = Folding.of(chunk.job(), ending, chunk.where());
        judged(chunk, workshop.judge(folded, tries(chunk), chunk.suspicion));
    }

    private void judged(Chunk chunk, Verdict verdict) {
        switch (verdict) {
            case Verdict.Computed computed -> {
                workshop.reports().computed(chunk, tries(chunk), computed.answer(), done(chunk));
                forget(chunk);
            }
            case Verdict.Failed failed -> fail(chunk, failed);
            case Verdict.Again again -> again(chunk, again);
            case Verdict.Stopped _ -> stopped(chunk);
            case Verdict.Broken broken -> workshop.reports().fatal(broken.error());
        }
        pump();
    }

    private synchronized Tries tries(Chunk chunk) {
        return ledger.tries(chunk.offset());
    }

    /** A failure is said by the lane's owner only: a successor may still compute the chunk. */
    private void fail(Chunk chunk, Verdict.Failed failed) {
        if (workshop.cancelled(chunk.job().id())) {
            stopped(chunk);
            return;
        }
        if (!closed()) {
            meters.failed(chunk, failed.error());
            workshop.reports().failed(chunk, failed, done(chunk));
        }
        forget(chunk);
    }

    private synchronized void again(Chunk chunk, Verdict.Again again) {
        running.remove(chunk);
        chunk.running = null;
        chunk.suspicion = again.suspicion();
        ledger.tried(chunk.offset(), again.so());
        if (!closed) {
            meters.retried(chunk);
            workshop.later(again.after(), () -> resume(chunk));
        }
    }

    private synchronized void resume(Chunk chunk) {
        if (workshop.cancelled(chunk.job().id())) {
            skip(chunk);
        } else if (!closed) {
            waiting.addFirst(chunk.job().id(), chunk);
            pump();
        }
    }

    /** What was stopped because its job has ended is done; what was stopped because the worker ends is its successor's. */
    private synchronized void stopped(Chunk chunk) {
        running.remove(chunk);
        if (workshop.cancelled(chunk.job().id())) {
            skip(chunk);
        }
    }

    /** A chunk of a job that has ended: nothing is said of it, and it is done. */
    private synchronized void skip(Chunk chunk) {
        meters.cancelled();
        ledger.done(chunk.offset());
        heldBytes -= Chunk.cost(chunk.record());
    }

    /** What marks it as done. It does not hold the chunk's bytes while its outcome waits for the broker. */
    private Runnable done(Chunk chunk) {
        long offset = chunk.offset();
        return () -> done(offset);
    }

    private synchronized void done(long offset) {
        ledger.done(offset);
    }

    private synchronized void forget(Chunk chunk) {
        running.remove(chunk);
        heldBytes -= Chunk.cost(chunk.record());
    }

    private synchronized void release(ConsumerRecord<byte[], byte[]> record) {
        heldBytes -= Chunk.cost(record);
    }

    /** The job has ended: what waits of it is dropped, what runs is stopped. */
    public synchronized void cancel(JobId job) {
        waiting.remove(job).forEach(this::skip);
        held(job).stream().filter(this::letGo).forEach(this::skip);
        for (Chunk chunk : List.copyOf(running)) {
            Execution.Running handle = chunk.running;
            if (chunk.job().id().equals(job) && handle != null) {
                handle.stop();
            }
        }
    }

    private List<Chunk> held(JobId job) {
        return held.keySet().stream()
                .filter(chunk -> chunk.job().id().equals(job))
                .toList();
    }

    /** How many chunks it may compute at once on threads of its own. */
    int poolSize() {
        return poolSize;
    }

    /** Bytes that its chunks cost until their outcomes are on their way. */
    public synchronized long heldBytes() {
        return heldBytes;
    }

    /** Chunks that wait to be started. */
    public synchronized int waiting() {
        return waiting.size();
    }

    public synchronized int running() {
        return running.size();
    }

    /** How far the highest offset taken in is from the lowest that is not done. */
    public synchronized long width() {
        return ledger.width();
    }

    /** Whether chunks wait for the next commit, or soon will. */
    public synchronized boolean needsMark() {
        return !closed && (wanted > ledger.horizon() || reserve.low(ledger.started(), ledger.horizon()));
    }

    /** What to commit now; empty where nothing has changed since the last that was acknowledged. */
    public synchronized Optional<Mark> mark() {
        boolean further = needsMark();
        long more = reserve.next(ledger.started());
        long horizon = further ? Math.max(ledger.started(), wanted) + more : ledger.horizon();
        Mark mark = mark(ledger.bookmark(horizon), horizon);
        return text(mark).equals(committedText) ? Optional.empty() : Optional.of(mark);
    }

    /** What to commit when the lane goes to another owner in order. */
    public synchronized Mark handOver() {
        Stream<Long> dangerous = Stream.concat(
                running.stream().map(Chunk::offset),
                interrupted.stream().filter(offset -> offset >= ledger.committable()));
        return mark(ledger.handOver(dangerous.distinct().toList()), ledger.horizon());
    }

    private Mark mark(Bookmark bookmark, long horizon) {
        return new Mark(bookmark.offset(), workshop.text(bookmark, topicId), horizon);
    }

    private static String text(Mark mark) {
        return mark.offset() + " " + mark.text();
    }

    /** A commit of this mark is acknowledged. */
    public synchronized void committed(Mark mark) {
        committedText = text(mark);
        ledger.moveHorizon(mark.horizon());
        pump();
    }

    /** Sets how many chunks it may compute at once. */
    public void resize(int threads, int processes) {
        poolSize = threads;
        executions.resize(threads, processes);
        pump();
    }

    private synchronized boolean closed() {
        return closed;
    }

    /** Drops what waits; what runs goes on to its end. */
    public void close() {
        synchronized (this) {
            closed = true;
            waiting.clear();
            List.copyOf(held.keySet()).forEach(this::letGo);
        }
        meters.close();
        executions.close();
    }

    /** Stops what still runs. */
    public synchronized void stop() {
        for (Chunk chunk : List.copyOf(running)) {
            interrupted.add(chunk.offset());
            Execution.Running handle = chunk.running;
            if (handle != null) {
                handle.stop();
            }
        }
    }
}
