package io.fanfold.worker.process;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Which child processes live, and how many there have been. Any thread. */
final class Census {
    private final Set<ChildProcess> living = ConcurrentHashMap.newKeySet();
    private final Counter started;
    private final Counter crashed;
    private final Counter killed;
    private final Counter recycled;

    Census(MeterRegistry meters) {
        meters.gauge("fanfold.children", living, Set::size);
        this.started = meters.counter("fanfold.children.started");
        this.crashed = meters.counter("fanfold.children.crashed");
        this.killed = meters.counter("fanfold.children.killed");
        this.recycled = meters.counter("fanfold.children.recycled");
    }

    void started(ChildProcess child) {
        living.add(child);
        started.increment();
    }

    void ended(ChildProcess child) {
        living.remove(child);
    }

    void crashed() {
        crashed.increment();
    }

    void killed() {
        killed.increment();
    }

    void recycled() {
        recycled.increment();
    }

    List<ChildProcess> living() {
        return List.copyOf(living);
    }
}
