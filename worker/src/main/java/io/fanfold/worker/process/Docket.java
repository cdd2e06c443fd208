package io.fanfold.worker.process;

import io.fanfold.worker.strategy.Ending;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;

/** What a child has been asked and not answered yet, by the id of the request. Any thread. */
final class Docket {
    private final Map<Long, Asked> open = new HashMap<>();
    private boolean shut;
    private int entered;
    private long used = System.nanoTime();

    /** @param since when, in {@link System#nanoTime} */
    record Asked(Turn turn, long since) {}

    /** Its id; nothing where no more turns are taken. */
    synchronized OptionalLong enter(Turn turn) {
        if (shut) {
            return OptionalLong.empty();
        }
        used = System.nanoTime();
        open.put((long) ++entered, new Asked(turn, used));
        return OptionalLong.of(entered);
    }

    /**
     * Ends a turn.
     *
     * @throws NoFrameException where it was not asked
     */
    void end(long id, Function<Asked, Ending> how) throws NoFrameException {
        Asked asked;
        synchronized (this) {
            asked = open.get(id);
        }
        if (asked == null) {
            throw new NoFrameException("answered request " + id + ", which it was not asked");
        }
        Ending ending = how.apply(asked);
        synchronized (this) {
            open.remove(id);
            used = System.nanoTime();
        }
        asked.turn().end(ending);
    }

    /** Takes no more turns. */
    synchronized void shut() {
        shut = true;
    }

    /** Takes no more turns, and gives up those that are open. */
    synchronized List<Turn> close() {
        shut = true;
        List<Turn> lost = open.values().stream().map(Asked::turn).toList();
        open.clear();
        return lost;
    }

    /** Whether it takes turns. */
    synchronized boolean open() {
        return !shut;
    }

    /** Whether no more turns are taken and none that is open is waited for. */
    synchronized boolean useless() {
        return shut && open.values().stream().allMatch(asked -> asked.turn().ended());
    }

    /** How many turns there have been. */
    synchronized int entered() {
        return entered;
    }

    synchronized boolean idleFor(long nanos) {
        return open.isEmpty() && System.nanoTime() - used > nanos;
    }

    /** The chunk that is computed, where that is known. */
    synchronized String where() {
        return open.size() == 1 ? open.values().iterator().next().turn().call().where() : "";
    }
}
