package io.fanfold.worker.lane;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What waits in a lane, in a queue for each job that take turns, so that a small job behind a giant one waits for the chunk that
 * runs and not for the queue. A job that has just come goes before those that have had a turn; but no two in a row overtake, so that
 * many small jobs do not hold a giant one up. Pure; not thread-safe.
 *
 * @param <J> whose turn it is
 * @param <C> what waits
 */
final class Turns<J, C> {
    /** Jobs that have not had a turn since they came. */
    private final LinkedHashMap<J, Deque<C>> fresh = new LinkedHashMap<>();

    private final LinkedHashMap<J, Deque<C>> served = new LinkedHashMap<>();
    private boolean overtook;
    private int size;

    void add(J job, C chunk) {
        queue(job).addLast(chunk);
        size++;
    }

    /** One that has waited before goes to the front of its job. */
    void addFirst(J job, C chunk) {
        queue(job).addFirst(chunk);
        size++;
    }

    private Deque<C> queue(J job) {
        Deque<C> known = served.get(job);
        return known != null ? known : fresh.computeIfAbsent(job, _ -> new ArrayDeque<>());
    }

    /**
     * Takes the first chunk of the first job, in turn, whose first chunk can start.
     *
     * @param canBegin the same for jobs that have just come
     */
    Optional<C> next(Predicate<C> canStart, Predicate<C> canBegin) {
        return overtook
                ? next(served, canStart).or(() -> overtaking(canBegin))
                : overtaking(canBegin).or(() -> next(served, canStart));
    }

    private Optional<C> overtaking(Predicate<C> canBegin) {
        boolean others = !served.isEmpty();
        Optional<C> next = next(fresh, canBegin);
        overtook = others && next.isPresent();
        return next;
    }

    private Optional<C> next(Map<J, Deque<C>> jobs, Predicate<C> canStart) {
        for (Map.Entry<J, Deque<C>> job : jobs.entrySet()) {
            if (canStart.test(job.getValue().getFirst())) {
                overtook = false;
                return Optional.of(take(jobs, job.getKey(), job.getValue()));
            }
        }
        return Optional.empty();
    }

    private C take(Map<J, Deque<C>> jobs, J job, Deque<C> queue) {
        C first = queue.removeFirst();
        size--;
        jobs.remove(job);
        if (!queue.isEmpty()) {
            served.putLast(job, queue);
        }
        return first;
    }

    /** Takes out all that waits for a job. */
    List<C> remove(J job) {
        Deque<C> waiting = fresh.remove(job);
        Deque<C> queue = waiting == null ? served.remove(job) : waiting;
        if (queue == null) {
            return List.of();
        }
        size -= queue.size();
        return List.copyOf(queue);
    }

    /** Takes out everything. */
    void clear() {
        fresh.clear();
        served.clear();
        size = 0;
    }

    int size() {
        return size;
    }
}
