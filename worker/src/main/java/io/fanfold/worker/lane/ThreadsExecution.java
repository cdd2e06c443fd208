package io.fanfold.worker.lane;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The strategy {@code threads}: a bounded pool of platform threads. */
public final class ThreadsExecution {
    private final ThreadPoolExecutor pool;

    /** @param name how the threads are called in thread dumps and logs */
    public ThreadsExecution(String name, int parallelism) {
        this.pool = new ThreadPoolExecutor(
                parallelism,
                parallelism,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name(name + "-", 0).daemon().factory(),
                (_, _) -> {});
        pool.allowCoreThreadTimeOut(true);
    }

    public void submit(Runnable work) {
        pool.execute(work);
    }

    public void resize(int parallelism) {
        if (parallelism > pool.getMaximumPoolSize()) {
            pool.setMaximumPoolSize(parallelism);
            pool.setCorePoolSize(parallelism);
        } else {
            pool.setCorePoolSize(parallelism);
            pool.setMaximumPoolSize(parallelism);
        }
    }

    public void close() {
        pool.getQueue().clear();
        pool.shutdown();
    }

    public void interrupt() {
        pool.shutdownNow();
    }
}
