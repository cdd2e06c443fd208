package io.fanfold.worker.process;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * How much memory a child may take. Where the memory of a container does not suffice, the kernel may end all that runs in it, the worker
 * with the child, and nobody would be left to count against which chunk; a child that is refused memory raises an error, or, as a
 * JVM, ends alone.
 *
 * @param bytes of data, as {@code ulimit -d} counts them, or of a JVM in all; empty: as much as there is
 */
public record ChildMemory(OptionalLong bytes) {
    /** As much as there is. */
    public static final ChildMemory ANY = new ChildMemory(OptionalLong.empty());

    /** Less than that no interpreter starts with its libraries. */
    private static final long LEAST_BYTES = 128L << 20;

    /** The worker's own, beside a quarter of the container. */
    private static final long WORKER_BYTES = 128L << 20;

    /**
     * What a JVM takes beside its heap, at least: classes, compiled code, threads. Beyond that it grows with the heap, by what its
     * collector keeps of it.
     */
    private static final long BESIDE_HEAP_BYTES = 96L << 20;

    private static final int BESIDE_HEAP_SHARE = 8;

    /** With less a child JVM starts, but has no room for some chunks at once. */
    private static final long LEAST_HEAP_BYTES = 64L << 20;

    private static final Path MACHINE = Path.of("/proc/meminfo");
    private static final String ALL = "MemTotal:";

    /** The same for each child: of what a container leaves beside its worker where it has a limit, and anything elsewhere. */
    public static ChildMemory shared(int processes) {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? share(machine(), system.getTotalMemorySize(), processes)
                : ANY;
    }

    /**
     * A child's share.
     *
     * @param machine bytes of the whole machine; 0: not known
     * @param container bytes that this process can have
     */
    static ChildMemory share(long machine, long container, int processes) {
        return container < machine
                ? new ChildMemory(
                        OptionalLong.of(Math.max(LEAST_BYTES, (container / 4 * 3 - WORKER_BYTES) / processes)))
                : ANY;
    }

    private static long machine() {
        try (Stream<String> lines = Files.lines(MACHINE)) {
            return lines.filter(line -> line.startsWith(ALL))
                    .map(line -> line.substring(ALL.length()).replace("kB", "").strip())
                    .mapToLong(kilobytes -> Long.parseLong(kilobytes) * 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    /** A command that runs so limited, as the same process. */
    List<String> limit(List<String> command) {
        if (bytes.isEmpty()) {
            return command;
        }
        List<String> limited = new ArrayList<>(
                List.of("/bin/sh", "-c", "ulimit -d \"$0\"; exec \"$@\"", Long.toString(bytes.getAsLong() / 1024)));
        limited.addAll(command);
        return limited;
    }

    /**
     * Options for a JVM that is so limited, behind all others that it has: an initial heap that was said before could be more than there
     * is now.
     *
     * @param others bytes of heap that it would have by its other options; they hold where that is no more
     */
    public List<String> heap(long others) {
        if (bytes.isEmpty()) {
            return List.of();
        }
        long all = bytes.getAsLong();
        long heap = Math.max(LEAST_HEAP_BYTES, all - Math.max(BESIDE_HEAP_BYTES, all / BESIDE_HEAP_SHARE));
        return others <= heap ? List.of() : List.of("-Xms0", "-Xmx" + heap / 1024 + "k");
    }
}
