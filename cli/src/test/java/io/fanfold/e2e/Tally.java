package io.fanfold.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/** Which chunks were computed, where and when, as the function {@code tally@1} has written it down. */
final class Tally {
    private final Path log;

    Tally(Path log) {
        this.log = log;
    }

    /**
     * One time that a chunk was begun. Times are milliseconds since the epoch.
     *
     * @param chunk its first element
     * @param pid of the process that computed it
     * @param parent of that process: the worker, where it is a child
     * @param end empty where it did not come to its end
     */
    record Run(long chunk, long pid, long parent, long start, OptionalLong end) {
        boolean in(RealWorker worker) {
            return pid == worker.pid() || parent == worker.pid();
        }

        private Run ended(long at) {
            return new Run(chunk, pid, parent, start, OptionalLong.of(at));
        }
    }

    Path file() {
        return log;
    }

    /** All runs, in the order in which they began. */
    List<Run> runs() {
        List<Run> runs = new ArrayList<>();
        Map<String, Integer> open = new HashMap<>();
        for (String line : lines()) {
            String[] word = line.split(" ", -1);
            String who = word[1] + " " + word[2];
            long at = Long.parseLong(word[4]);
            if (word[0].equals("start")) {
                open.put(who, runs.size());
                runs.add(new Run(
                        Long.parseLong(word[1]),
                        Long.parseLong(word[2]),
                        Long.parseLong(word[3]),
                        at,
                        OptionalLong.empty()));
            } else {
                int begun = open.remove(who);
                runs.set(begun, runs.get(begun).ended(at));
            }
        }
        return runs;
    }

    /** The whole lines that are there. */
    private List<String> lines() {
        try {
            String text = Files.exists(log) ? Files.readString(log) : "";
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Run> runs(long chunk) {
        return runs().stream().filter(run -> run.chunk() == chunk).toList();
    }

    /** The runs in a worker and its children. */
    List<Run> runsIn(RealWorker worker) {
        return runs().stream().filter(run -> run.in(worker)).toList();
    }

    /** The runs of each chunk, in the order in which they began. */
    Map<Long, List<Run>> byChunk() {
        Map<Long, List<Run>> all = new TreeMap<>();
        runs().stream()
                .sorted(Comparator.comparingLong(Run::start))
                .forEach(run ->
                        all.computeIfAbsent(run.chunk(), _ -> new ArrayList<>()).add(run));
        return all;
    }

    /** Chunks that have come to their end at least once. */
    Set<Long> ended() {
        return Set.copyOf(runs().stream()
                .filter(run -> run.end().isPresent())
                .map(Run::chunk)
                .distinct()
                .toList());
    }
}
