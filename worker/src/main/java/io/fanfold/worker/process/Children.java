package io.fanfold.worker.process;

import io.fanfold.worker.function.ChildFunction;
import io.fanfold.worker.strategy.Call;
import io.fanfold.worker.strategy.Ending;
import io.fanfold.worker.strategy.Execution;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker's child processes, shared by its lanes. A child serves one command, one chunk at a time; it is started when it is
 * needed, kept for the next chunk, and gone a minute after the last. A chunk that runs late, crashes its child or is stopped costs
 * that child and nothing else. Any thread.
 */
public final class Children implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Children.class);
    private static final Duration SWEEP = Duration.ofSeconds(5);
    private static final Duration CLOSED_WITHIN = Duration.ofSeconds(10);

    private final Means means;
    private final Alone alone;
    private final Together together;
    private final Set<Turn> turns = ConcurrentHashMap.newKeySet();
    private final Future<?> sweeping;
    private volatile boolean closed;

    public Children(ChildSettings settings, MeterRegistry meters) {
        this.means = new Means(settings, timer(), threads(), new Census(meters));
        Gauge.builder("fanfold.children.most", settings, ChildSettings::processes)
                .strongReference(true)
                .description("child processes that may compute at once")
                .register(meters);
        this.alone = new Alone(means);
        this.together = new Together(means);
        this.sweeping = means.timer()
                .scheduleWithFixedDelay(this::sweep, SWEEP.toSeconds(), SWEEP.toSeconds(), TimeUnit.SECONDS);
    }

    private static ScheduledThreadPoolExecutor timer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("child-timer").factory());
        timer.setRemoveOnCancelPolicy(true);
        timer.setKeepAliveTime(10, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
        return timer;
    }

    private static ThreadPoolExecutor threads() {
        return new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                10,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                Thread.ofPlatform().daemon().name("child-call-", 0).factory());
    }

    /**
     * A lane's share of the children, for functions in other languages and, in child JVMs, for those of Java. A call waits until a
     * child is free, first come first served; its timeout counts from when the child has it.
     *
     * @param parallelism how many calls the lane wants to run at once
     * @param freed told, on any thread, when one more could be started; it must not block
     */
    public Execution execution(int parallelism, Runnable freed) {
        return new Share((call, ended) -> enter(alone, call, ended), parallelism, freed);
    }

    /**
     * For chunks that may kill their process: all Java functions run at once in one child JVM that nothing else uses. When it dies,
     * the calls that it had have crashed, each {@link Ending.Crashed#alone alone} only if there was no other; the next call
     * starts a new one. Functions in other languages run as in {@link #execution}.
     */
    public Execution together() {
        return new Share(
                (call, ended) -> enter(call.function() instanceof ChildFunction ? alone : together, call, ended),
                Integer.MAX_VALUE,
                () -> {});
    }

    private Turn enter(Way way, Call call, Consumer<Ending> ended) {
        Turn turn = new Turn(call, ended, way);
        if (closed) {
            turn.end(new Ending.Stopped()); // before a child could be quicker
        }
        turns.add(turn);
        turn.whenEnded(() -> turns.remove(turn));
        way.enter(turn);
        if (closed) {
            turn.stop();
        }
        return turn;
    }

    private void sweep() {
        alone.sweep();
        together.sweep();
    }

    /** Stops what runs and what waits, and ends all children and what they have started. Returns when they are gone. */
    @Override
    public void close() {
        closed = true;
        sweeping.cancel(false);
        turns.forEach(Turn::stop);
        alone.close();
        together.close();
        CompletableFuture<?>[] ends =
                means.census().living().stream().map(ChildProcess::exited).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(ends).get(CLOSED_WITHIN.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("child processes do not end", e);
        }
    }
}
