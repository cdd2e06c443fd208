package io.fanfold.worker;

import io.fanfold.protocol.topics.Purge;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Topics;
import io.fanfold.worker.lane.RetryPolicy;
import io.fanfold.worker.process.ChildMemory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a worker is told.
 *
 * @param name its name in logs, metrics and failures
 * @param pool the workers it belongs to
 * @param keepCompletions whether commits say which chunks above their offset are done; {@code false} only to measure what that is
 *     worth
 * @param purgeEvery how often chunks that are done are deleted from the broker; empty: never
 */
public record WorkerSettings(
        KafkaSettings kafka,
        String name,
        String pool,
        Pools pools,
        Patience patience,
        RetryPolicy retries,
        boolean keepCompletions,
        Optional<Duration> purgeEvery) {

    /**
     * What a worker computes on.
     *
     * @param threads how many chunks it computes at once on threads, shared by its lanes, each of which has at least one
     * @param processes how many child processes it has at most
     * @param recycleAfter after how many chunks a child process is replaced; 0: never
     * @param childJvm the command that starts a child JVM with this worker's Java functions; empty: there are none, and a chunk that
     *     a former worker may have died of is computed in this JVM
     * @param childMemory what a child process in another language may take
     */
    public record Pools(int threads, int processes, int recycleAfter, List<String> childJvm, ChildMemory childMemory) {
        public Pools {
            childJvm = List.copyOf(childJvm);
            if (threads < 1 || processes < 1 || recycleAfter < 0) {
                throw new IllegalArgumentException("threads is " + threads + ", processes " + processes
                        + ": each must be at least 1; recycle-after is " + recycleAfter + ": it cannot be negative");
            }
        }

        /** With children that share what memory a container leaves to them. */
        public Pools(int threads, int processes, int recycleAfter, List<String> childJvm) {
            this(threads, processes, recycleAfter, childJvm, ChildMemory.shared(Math.max(1, processes)));
        }

        /** A thread and a process for each core. */
        public static Pools ofCores() {
            int cores = Runtime.getRuntime().availableProcessors();
            return new Pools(cores, cores, 0, List.of());
        }
    }

    /**
     * How long a worker waits for what.
     *
     * @param chunkTimeout how long one attempt at a chunk may run; zero: as long as it likes, or as its job allows
     * @param unknownFunctionGrace how long it holds a chunk whose function it does not have before it fails it
     * @param drain how long running chunks may take after a request to stop
     */
    public record Patience(Duration chunkTimeout, Duration unknownFunctionGrace, Duration drain) {
        public static final Patience DEFAULT =
                new Patience(Duration.ZERO, Duration.ofMinutes(1), Duration.ofSeconds(20));
    }

    /** A worker of the default pool with a thread for each core. */
    public static WorkerSettings of(KafkaSettings kafka) {
        return new WorkerSettings(
                kafka,
                "worker-" + ProcessHandle.current().pid(),
                Topics.DEFAULT_POOL,
                Pools.ofCores(),
                Patience.DEFAULT,
                RetryPolicy.DEFAULT,
                true,
                Optional.of(Purge.EVERY));
    }
}
