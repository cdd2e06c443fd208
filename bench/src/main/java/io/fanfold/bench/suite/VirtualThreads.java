package io.fanfold.bench.suite;

import io.fanfold.bench.rig.Rival;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** One JVM that waits on virtual threads, one for each wait. */
final class VirtualThreads {
    private VirtualThreads() {}

    /**
     * Serves rounds.
     *
     * @param args how many waits, and milliseconds of each
     */
    public static void main(String[] args) throws Exception {
        int count = Integer.parseInt(args[0]);
        int ms = Integer.parseInt(args[1]);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Rival.serve(_ -> waits(executor, count, ms));
        }
    }

    private static Rival.Answer waits(ExecutorService executor, int count, int ms) throws Exception {
        long begin = System.nanoTime();
        List<Future<?>> waits = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            waits.add(executor.submit(() -> {
                Thread.sleep(ms);
                return null;
            }));
        }
        for (Future<?> wait : waits) {
            wait.get();
        }
        return new Rival.Answer((System.nanoTime() - begin) / 1e9, 0);
    }
}
