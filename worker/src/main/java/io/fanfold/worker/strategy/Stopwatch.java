package io.fanfold.worker.strategy;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Wall time and, on a platform thread, CPU time since it was made. Any thread may read it, as long as the thread that made it is
 * at the same call.
 *
 * <p>CPU time here is time in which the thread computed <em>or would have</em>: where the system tells (Linux, {@code
 * schedstat} of proc(5)), the time in which it was ready and had no core is part of it. On a machine with more work than cores
 * a function that computes would look like one that waits otherwise.
 */
final class Stopwatch {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final Path SELF = Path.of("/proc/thread-self");

    private final long start = System.nanoTime();
    private final long thread;
    private final Optional<Path> schedstat;
    private final OptionalLong cpuAtStart;

    private Stopwatch(long thread, Optional<Path> schedstat) {
        this.thread = thread;
        this.schedstat = schedstat;
        this.cpuAtStart = cpu();
    }

    /** Measures wall time alone. */
    static Stopwatch ofWallTime() {
        return new Stopwatch(-1, Optional.empty());
    }

    /**
     * Measures the calling platform thread.
     *
     * @param exactly whether to count the time without a core too, which takes some ten microseconds
     */
    static Stopwatch ofThisThread(boolean exactly) {
        return new Stopwatch(Thread.currentThread().threadId(), exactly ? schedstat() : Optional.empty());
    }

    long wallNanos() {
        return System.nanoTime() - start;
    }

    /** Empty where it is not measured, or no longer can be. */
    OptionalLong cpuNanos() {
        OptionalLong now = cpu();
        return now.isEmpty() || cpuAtStart.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(Math.max(0, now.getAsLong() - cpuAtStart.getAsLong()));
    }

    private OptionalLong cpu() {
        if (thread < 0 || !THREADS.isThreadCpuTimeSupported()) {
            return OptionalLong.empty();
        }
        long cpu = THREADS.getThreadCpuTime(thread);
        OptionalLong without = schedstat.map(Stopwatch::nanosWithoutCore).orElse(OptionalLong.of(0));
        return cpu < 0 || without.isEmpty() ? OptionalLong.empty() : OptionalLong.of(cpu + without.getAsLong());
    }

    private static Optional<Path> schedstat() {
        try {
            Path file = SELF.resolveSibling(Files.readSymbolicLink(SELF)).resolve("schedstat");
            return Files.isReadable(file) ? Optional.of(file) : Optional.empty();
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    /** The second number of the file: nanoseconds on a run queue. */
    private static OptionalLong nanosWithoutCore(Path schedstat) {
        try {
            String text = Files.readString(schedstat);
            int from = text.indexOf(' ') + 1;
            return OptionalLong.of(Long.parseLong(text, from, text.indexOf(' ', from), 10));
        } catch (IOException | RuntimeException e) {
            return OptionalLong.empty(); // the thread is gone
        }
    }
}
