package io.fanfold.aggregator.intake;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A thread for what takes long, such as syncing and publishing, one thing after the other. What it comes to is handed back to the
 * thread that asked, which calls {@link #drain}.
 */
final class Background implements AutoCloseable {
    private final ExecutorService thread;
    private volatile boolean closed;
    private final BlockingQueue<Runnable> done = new LinkedBlockingQueue<>();
    private int busy;

    Background(String name) {
        this.thread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name(name).daemon().factory());
    }

    /**
     * Does something later.
     *
     * @param then is given what it answers, by the thread that drains
     * @param otherwise is given what it throws, by the thread that drains
     */
    <T> void run(Callable<T> work, Consumer<T> then, Consumer<Exception> otherwise) {
        busy++;
        thread.execute(() -> {
            if (closed) {
                return;
            }
            try {
                T answer = work.call();
                handBack(() -> then.accept(answer));
            } catch (Exception e) {
                handBack(() -> otherwise.accept(e));
            } catch (Error e) {
                handBack(() -> {
                    throw e;
                });
            }
        });
    }

    private void handBack(Runnable what) {
        done.add(() -> {
            busy--;
            what.run();
        });
    }

    /** Whether there is something that has not been handed back; asked by the thread that drains. */
    boolean busy() {
        return busy > 0;
    }

    /** Has the thread that drains do something after a while. */
    void later(Duration delay, Runnable what) {
        CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> done.add(what));
    }

    /** Hands back what has been done. */
    void drain() {
        for (Runnable next = done.poll(); next != null; next = done.poll()) {
            next.run();
        }
    }

    /** Hands back what has been done; where that is nothing yet, and something is being done, waits for it for a while. */
    void drain(Duration patience) {
        if (busy() && done.isEmpty()) {
            await(patience);
        }
        drain();
    }

    private void await(Duration patience) {
        try {
            Runnable first = done.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
            if (first != null) {
                first.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Does nothing more; what is being done is waited for a while, and its answer is not handed back. It is not interrupted at once:
     * that would close the files it is at, which who closes this may still want to sync.
     */
    @Override
    public void close() {
        closed = true;
        thread.shutdown();
        try {
            if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
                thread.shutdownNow();
                boolean _ = thread.awaitTermination(5, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
