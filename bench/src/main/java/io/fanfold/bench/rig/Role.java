package io.fanfold.bench.rig;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;

/** The {@code fanfold} command in the process of a {@link RoleProcess}: it ends with the one that started it and tells of its heap. */
final class Role {
    static final String HEAP = "heap after collection: ";

    private Role() {}

    /**
     * Runs a command.
     *
     * @param args of {@code fanfold}
     */
    public static void main(String[] args) {
        Thread.ofPlatform().name("parent").daemon().start(Role::obey);
        io.fanfold.cli.Main.main(args);
    }

    /** Each byte of standard input asks for the heap to be collected; with its end this process ends. */
    private static void obey() {
        try {
            while (System.in.read() >= 0) {
                System.gc();
                System.out.println(HEAP + inUse());
                System.out.flush();
            }
        } catch (IOException e) {
            // it has ended
        }
        Runtime.getRuntime().halt(0);
    }

    /** Bytes that the collection has found in use: what was made since then does not count. */
    private static long inUse() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getCollectionUsage)
                .mapToLong(usage -> usage == null ? 0 : usage.getUsed())
                .sum();
    }
}
