package io.fanfold.worker.lane;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What waits in a lane, in a queue for each job that take turns, so that a small job behind a giant one waits one chunk and not the
 * queue. Pure; not thread-safe.
 *
 * @param <J> whose turn it is
 * @param <C> what waits
 */
final class Turns<J, C> {
    private final LinkedHashMap<J, Deque<C>> queues = new LinkedHashMap<>();
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
        return queues.computeIfAbsent(job, _ -> new ArrayDeque<>());
    }

    /** Takes the first chunk of the first job, in turn, whose first chunk can start. */
    Optional<C> next(Predicate<C> canStart) {
        for (Map.Entry<J, Deque<C>> entry : queues.entrySet()) {
            C first = entry.getValue().getFirst();
            if (canStart.test(first)) {
                entry.getValue().removeFirst();
                size--;
                toTheEnd(entry.getKey());
                return Optional.of(first);
            }
        }
        return Optional.empty();
    }

    private void toTheEnd(J job) {
        Deque<C> queue = queues.remove(job);
        if (queue != null && !queue.isEmpty()) {
            queues.putLast(job, queue);
        }
    }

    /** Takes out all that waits for a job. */
    List<C> remove(J job) {
        Deque<C> queue = queues.remove(job);
        if (queue == null) {
            return List.of();
        }
        size -= queue.size();
        return List.copyOf(queue);
    }

    /** Takes out everything. */
    void clear() {
        queues.clear();
        size = 0;
    }

    int size() {
        return size;
    }
}
