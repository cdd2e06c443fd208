package io.fanfold.worker.lane;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Which offsets of one partition are taken in, started and done, though chunks finish in any order, offsets have gaps, and a former
 * owner may have done some of them. Pure; not thread-safe: its lane guards it.
 *
 * <p>Two marks move through the partition. {@link #committable} is the lowest offset that is not done: a successor starts
 * there and skips what the bookmark says is done. {@link #mayStart} ends at the <em>horizon</em>, which a commit has named
 * before any chunk below it is started: so a successor knows, whenever the owner dies, which chunks it may have died of.
 */
public final class Ledger {
    private final TreeSet<Long> open = new TreeSet<>();
    private final Runs doneBefore;
    private final Runs suspects;
    private final Map<Long, Tries> tries;
    private long position;
    private long started;
    /** One above the highest offset taken in that is done, by whomever. */
    private long doneTo;

    private long horizon;

    /**
     * @param inherited where the former owner stood
     * @param logEnd the end of the partition's log when it was taken over: what came later no former owner can have started
     */
    public Ledger(Bookmark inherited, long logEnd) {
        this.position = inherited.offset();
        this.started = inherited.offset();
        this.horizon = inherited.offset();
        this.doneBefore = Runs.of(inherited.done());
        this.suspects = new Runs();
        inherited.started().forEach(run -> suspects.add(run.from(), Math.min(run.to(), logEnd)));
        this.tries = new HashMap<>(inherited.tries());
        doneBefore.removeBelow(position);
    }

    /**
     * A record is taken in.
     *
     * @return whether it must be worked; {@code false}: a former owner has done it
     * @throws IllegalArgumentException if its offset is not above all taken in before
     */
    public boolean take(long offset) {
        if (offset < position) {
            throw new IllegalArgumentException("offset " + offset + " is below the position " + position);
        }
        boolean done = doneBefore.contains(offset);
        if (done) {
            doneTo = offset + 1;
        } else {
            open.add(offset);
        }
        position = offset + 1;
        doneBefore.removeBelow(position);
        return !done;
    }

    /** Whether a former owner may have died of it. */
    boolean suspect(long offset) {
        return suspects.contains(offset);
    }

    /** Whether a commit that is acknowledged names it as one that may have been started. */
    boolean mayStart(long offset) {
        return offset < horizon;
    }

    public void start(long offset) {
        if (!mayStart(offset)) {
            throw new IllegalArgumentException("offset " + offset + " is not below the horizon " + horizon);
        }
        started = Math.max(started, offset + 1);
    }

    /** One above the highest offset that was started. */
    long started() {
        return started;
    }

    long horizon() {
        return horizon;
    }

    /** A commit that names this horizon is acknowledged. */
    public void moveHorizon(long acknowledged) {
        horizon = Math.max(horizon, acknowledged);
    }

    /** A record's outcome is acknowledged. Saying so twice changes nothing. */
    public void done(long offset) {
        open.remove(offset);
        tries.remove(offset);
        doneTo = Math.max(doneTo, offset + 1);
    }

    Tries tries(long offset) {
        return tries.getOrDefault(offset, Tries.NONE);
    }

    /** A chunk was tried in vain, so often by now. */
    void tried(long offset, Tries so) {
        if (!so.equals(Tries.NONE)) {
            tries.put(offset, so);
        }
    }

    /** The offset to commit: the lowest that is not done. */
    public long committable() {
        return open.isEmpty() ? position : open.first();
    }

    /** How far the highest offset that was taken in is from the lowest that is not done. */
    long width() {
        return position - committable();
    }

    /** What a successor must know if the owner dies: whatever lies below this horizon may have been started. */
    public Bookmark bookmark(long newHorizon) {
        Runs dangerous = inheritedSuspects();
        dangerous.add(committable(), newHorizon);
        return new Bookmark(committable(), doneAbove(), dangerous.list(), Map.copyOf(tries));
    }

    /**
     * What a successor must know when the lane is handed over in order.
     *
     * @param running the offsets that are being worked at this moment and may still do harm
     */
    Bookmark handOver(Iterable<Long> running) {
        Runs dangerous = inheritedSuspects();
        running.forEach(offset -> dangerous.add(offset, offset + 1));
        return new Bookmark(committable(), doneAbove(), dangerous.list(), Map.copyOf(tries));
    }

    private Runs inheritedSuspects() {
        suspects.removeBelow(committable());
        return Runs.of(suspects.list());
    }

    /** Offsets above the committable one that are done, or that no record has: the gaps below one that is done count as done. */
    private List<Run> doneAbove() {
        if (open.isEmpty()) {
            return doneBefore.list();
        }
        Runs done = new Runs();
        long next = open.first() + 1;
        for (long offset : open.subSet(next, Math.max(next, doneTo))) {
            done.add(next, offset);
            next = offset + 1;
        }
        done.add(next, doneTo);
        doneBefore.list().forEach(run -> done.add(run.from(), run.to()));
        return done.list();
    }
}
