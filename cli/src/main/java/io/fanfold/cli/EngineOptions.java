package io.fanfold.cli;

import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.worker.WorkerSettings;
import io.fanfold.worker.lane.RetryPolicy;
import io.fanfold.worker.process.ChildMemory;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import picocli.CommandLine.Option;

/** How a worker runs chunks. */
final class EngineOptions {
    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "${env:FANFOLD_THREADS:-0}",
            description = "How many chunks compute at once on threads, shared by its partitions, each of which has at"
                    + " least one (default: one for each core).")
    private int threads;

    @Option(
            names = "--processes",
            paramLabel = "N",
            defaultValue = "${env:FANFOLD_PROCESSES:-0}",
            description = "How many child processes compute at once (default: one for each core).")
    private int processes;

    @Option(
            names = "--recycle-after",
            paramLabel = "N",
            defaultValue = "${env:FANFOLD_RECYCLE_AFTER:-0}",
            description = "After how many chunks a child process is replaced by a new one (default: 0, never).")
    private int recycleAfter;

    @Option(
            names = "--max-child-bytes",
            paramLabel = "BYTES",
            defaultValue = "${env:FANFOLD_MAX_CHILD_BYTES:--1}",
            description =
                    "How much memory a child process may take, a child JVM its heap and what it needs beside it; 0: as"
                        + " much as there is (default: in a container with a limit, an equal share of what that leaves"
                        + " beside the worker).")
    private long childBytes;

    @Option(
            names = "--chunk-timeout",
            paramLabel = "SECONDS",
            defaultValue = "${env:FANFOLD_CHUNK_TIMEOUT:-0}",
            description = "How long one attempt at a chunk may run (default: 0, as long as it likes).")
    private double chunkTimeout;

    @Option(
            names = "--max-attempts",
            paramLabel = "N",
            defaultValue = "${env:FANFOLD_MAX_ATTEMPTS:-3}",
            description = "After how many attempts that raised an error or ran too long a chunk fails (default: 3).")
    private int maxAttempts;

    @Option(
            names = "--max-crashes",
            paramLabel = "N",
            defaultValue = "${env:FANFOLD_MAX_CRASHES:-3}",
            description = "After how many processes that it alone has killed a chunk fails (default: 3).")
    private int maxCrashes;

    @Option(
            names = "--no-retry",
            paramLabel = "TYPE",
            split = ",",
            defaultValue = "${env:FANFOLD_NO_RETRY:-}",
            description = "Types of errors that fail a chunk at once, such as KeyError; may be repeated.")
    private Set<String> lasting = new HashSet<>();

    @Option(
            names = "--unknown-function-grace",
            paramLabel = "SECONDS",
            defaultValue = "${env:FANFOLD_UNKNOWN_FUNCTION_GRACE:-60}",
            description = "How long it holds a chunk whose function it does not have (default: 60).")
    private int graceSeconds;

    @Option(
            names = "--drain",
            paramLabel = "SECONDS",
            defaultValue = "${env:FANFOLD_DRAIN:-20}",
            description = "How long running chunks may take after a request to stop (default: 20).")
    private int drainSeconds;

    @Option(
            names = "--purge-every",
            paramLabel = "SECONDS",
            defaultValue = "${env:FANFOLD_PURGE_EVERY:-30}",
            description = "How often chunks that are done are deleted from the broker (default: 30; 0: never).")
    private double purgeSeconds;

    @Option(
            names = "--no-completions",
            hidden = true,
            description = "Commit offsets without what is done above them, to measure what that is worth.")
    private boolean noCompletions;

    void check() {
        refuseNegative("threads", threads);
        refuseNegative("processes", processes);
        refuseNegative("recycle-after", recycleAfter);
        refuseNegative("chunk-timeout", chunkTimeout);
        refuseNegative("unknown-function-grace", graceSeconds);
        refuseNegative("drain", drainSeconds);
        refuseNegative("purge-every", purgeSeconds);
        if (maxAttempts < 1 || maxCrashes < 1) {
            throw new InvalidRequestException("--max-attempts is " + maxAttempts + " and --max-crashes " + maxCrashes
                    + "; each must be at least 1");
        }
    }

    private static void refuseNegative(String option, double value) {
        if (!(value >= 0)) {
            throw new InvalidRequestException("--" + option + " is " + value + "; it cannot be negative");
        }
    }

    WorkerSettings.Pools pools(List<String> childJvm) {
        return new WorkerSettings.Pools(
                threads > 0 ? threads : cores(), children(), recycleAfter, childJvm, childMemory(children()));
    }

    /**
     * What a child JVM is told of its heap, which is no larger than this one's unless somebody says so. There may be one more of them
     * than compute at once: that of the suspects.
     */
    List<String> childHeap() {
        long own = Runtime.getRuntime().maxMemory();
        return childMemory(children() + 1).heap(childBytes < 0 ? own : Long.MAX_VALUE);
    }

    private int children() {
        return processes > 0 ? processes : cores();
    }

    private static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }

    private ChildMemory childMemory(int children) {
        if (childBytes < 0) {
            return ChildMemory.shared(children);
        }
        return childBytes == 0 ? ChildMemory.ANY : new ChildMemory(OptionalLong.of(childBytes));
    }

    WorkerSettings.Patience patience() {
        return new WorkerSettings.Patience(
                Duration.ofMillis((long) (chunkTimeout * 1000)),
                Duration.ofSeconds(graceSeconds),
                Duration.ofSeconds(drainSeconds));
    }

    RetryPolicy retries() {
        lasting.remove("");
        return new RetryPolicy(
                maxAttempts, maxCrashes, RetryPolicy.DEFAULT.first(), RetryPolicy.DEFAULT.longest(), lasting);
    }

    Optional<Duration> purgeEvery() {
        return Optional.of(purgeSeconds).filter(s -> s > 0).map(s -> Duration.ofMillis((long) Math.ceil(s * 1000)));
    }

    boolean keepCompletions() {
        return !noCompletions;
    }
}
