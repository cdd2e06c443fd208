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

    /** What has been used up to one moment. */
    record Usage(long wallNanos, long cpuNanos) {
        static final Usage NONE = new Usage(0, 0);
    }

    private final long start = System.nanoTime();
    private final long thread;
    private final Optional<Path> task;
    private final OptionalLong cpuAtStart;

    private Stopwatch(long thread, Optional<Path> task) {
        this.thread = thread;
        this.task = task;
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
        return new Stopwatch(Thread.currentThread().threadId(), exactly ? task() : Optional.empty());
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

    /** Both, if both are measured. */
    Optional<Usage> usage() {
        OptionalLong cpu = cpuNanos();
        return cpu.isPresent() ? Optional.of(new Usage(wallNanos(), cpu.getAsLong())) : Optional.empty();
    }

    /** Whether the thread is at work at this moment, or would be if it had a core; false where the system does not tell. */
    boolean wantsCore() {
        return task.map(Stopwatch::runnable).orElse(false);
    }

    private OptionalLong cpu() {
        if (thread < 0 || !THREADS.isThreadCpuTimeSupported()) {
            return OptionalLong.empty();
        }
        long cpu = THREADS.getThreadCpuTime(thread);
        OptionalLong without = task.map(Stopwatch::nanosWithoutCore).orElse(OptionalLong.of(0));
        return cpu < 0 || without.isEmpty() ? OptionalLong.empty() : OptionalLong.of(cpu + without.getAsLong());
    }

    private static Optional<Path> task() {
        try {
            Path task = SELF.resolveSibling(Files.readSymbolicLink(SELF));
            return Files.isReadable(task.resolve("schedstat")) ? Optional.of(task) : Optional.empty();
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    /** The second number of the file: nanoseconds on a run queue. */
    private static OptionalLong nanosWithoutCore(Path task) {
        try {
            String text = Files.readString(task.resolve("schedstat"));
            int from = text.indexOf(' ') + 1;
            return OptionalLong.of(Long.parseLong(text, from, text.indexOf(' ', from), 10));
        } catch (IOException | RuntimeException e) {
            return OptionalLong.empty(); // the thread is gone
        }
    }

    /** The letter after the name in parentheses is the state. */
    private static boolean runnable(Path task) {
        try {
            String stat = Files.readString(task.resolve("stat"));
            return stat.startsWith(") R", stat.lastIndexOf(')'));
        } catch (IOException e) {
            return false; // the thread is gone
        }
    }
}
