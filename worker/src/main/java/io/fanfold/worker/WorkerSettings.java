package io.fanfold.worker;

import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Topics;
import java.time.Duration;

/**
 * What a worker is told.
 *
 * @param name its name in logs, metrics and failures
 * @param pool the workers it belongs to
 * @param threads how many chunks it computes at once, at least 1
 * @param unknownFunctionGrace how long it holds a chunk whose function it does not have before it fails it
 * @param drain how long running chunks may take after a request to stop
 */
public record WorkerSettings(
        KafkaSettings kafka, String name, String pool, int threads, Duration unknownFunctionGrace, Duration drain) {
    public WorkerSettings {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + "; it must be at least 1");
        }
    }

    /** A worker of the default pool with a thread for each core. */
    public static WorkerSettings of(KafkaSettings kafka) {
        return new WorkerSettings(
                kafka,
                "worker-" + ProcessHandle.current().pid(),
                Topics.DEFAULT_POOL,
                Runtime.getRuntime().availableProcessors(),
                Duration.ofMinutes(1),
                Duration.ofSeconds(20));
    }
}
