package io.fanfold.worker.lane;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A set of offsets kept as runs that neither touch nor overlap, lowest first. Pure; not thread-safe. */
final class Runs {
    private final TreeMap<Long, Long> ends = new TreeMap<>();

    static Runs of(List<Run> runs) {
        Runs all = new Runs();
        runs.forEach(run -> all.add(run.from(), run.to()));
        return all;
    }

    /** Adds the offsets from {@code from} to before {@code to}; none where that is empty. */
    void add(long from, long to) {
        if (to <= from) {
            return;
        }
        long low = from;
        long high = to;
        Map.Entry<Long, Long> below = ends.floorEntry(from);
        if (below != null && below.getValue() >= from) {
            low = below.getKey();
            high = Math.max(high, below.getValue());
        }
        for (Map.Entry<Long, Long> next = ends.ceilingEntry(low);
                next != null && next.getKey() <= high;
                next = ends.ceilingEntry(low)) {
            high = Math.max(high, next.getValue());
            ends.remove(next.getKey());
        }
        ends.put(low, high);
    }

    boolean contains(long offset) {
        Map.Entry<Long, Long> below = ends.floorEntry(offset);
        return below != null && offset < below.getValue();
    }

    /** Forgets the offsets below this one. */
    void removeBelow(long offset) {
        Map.Entry<Long, Long> across = ends.lowerEntry(offset);
        long end = across == null ? offset : across.getValue();
        ends.headMap(offset).clear();
        if (end > offset) {
            ends.put(offset, end);
        }
    }

    boolean isEmpty() {
        return ends.isEmpty();
    }

    List<Run> list() {
        List<Run> runs = new ArrayList<>(ends.size());
        ends.forEach((from, to) -> runs.add(new Run(from, to)));
        return runs;
    }
}
