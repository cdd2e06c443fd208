package io.fanfold.cli;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Until when a role runs: a request to stop, the end of the process that started it, or its own failure. */
final class Lifetime {
    private static final Logger LOG = LoggerFactory.getLogger(Lifetime.class);

    /** Set by the thread that ends the process, read by the one that closes. */
    private static volatile boolean failed;

    private Lifetime() {}

    /** Something to be done when the process is asked to stop. */
    interface Last {
        void act() throws Exception;
    }

    /** Does {@code last} when the process is asked to stop, and lets the process go only when that is done. */
    static Thread onExit(Last last) {
        Thread hook = Thread.ofPlatform().name("exit").unstarted(() -> {
            try {
                last.act();
            } catch (Exception e) {
                LOG.warn("not closed cleanly", e);
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
        return hook;
    }

    /** Takes back what was to be done; does nothing once the process is ending. */
    static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            LOG.debug("the process is ending", e);
        }
    }

    /** Closes {@code part} when the process is asked to stop. */
    static void closeOnExit(AutoCloseable part) {
        Thread _ = onExit(part::close);
    }

    /** For a role: a request to stop is no failure. It closes and the process ends with exit code 0. */
    static void drainOnExit(AutoCloseable role) {
        Thread _ = onExit(() -> {
            role.close();
            if (!failed) {
                Runtime.getRuntime().halt(0);
            }
        });
    }

    /** Ends this process in an orderly way when standard input ends: when the process that holds it does. */
    static void endWithParent() {
        Thread.ofPlatform().name("parent").daemon().start(() -> {
            try {
                while (System.in.read() >= 0) {
                    // nothing is expected: only the end counts
                }
            } catch (IOException e) {
                LOG.debug("standard input broke", e);
            }
            System.exit(0);
        });
    }

    /** Waits until the role has ended by itself; the exit code says whether it may be called a success. */
    static int await(CompletableFuture<Void> ended, BooleanSupplier broken) {
        ended.join();
        failed = broken.getAsBoolean();
        return failed ? 1 : 0;
    }

    /** Waits for the end of the process. */
    static void forever() throws InterruptedException {
        new CountDownLatch(1).await();
    }
}
