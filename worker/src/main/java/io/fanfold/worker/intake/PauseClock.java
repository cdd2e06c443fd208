package io.fanfold.worker.intake;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;

/** Counts for how long lanes have been paused because they were full. One thread. */
final class PauseClock {
    private final MeterRegistry meters;
    private final Set<TopicPartition> paused = new HashSet<>();
    private long sinceNanos = System.nanoTime();

    PauseClock(MeterRegistry meters) {
        this.meters = meters;
    }

    /** A lane is there, whose time begins at zero. */
    void opened(TopicPartition partition) {
        var _ = timer(partition);
    }

    private Timer timer(TopicPartition partition) {
        return meters.timer("fanfold.lane.paused", "partition", Integer.toString(partition.partition()));
    }

    /** These are paused from now on. */
    void now(Set<TopicPartition> nowPaused) {
        long now = System.nanoTime();
        long elapsed = now - sinceNanos;
        sinceNanos = now;
        for (TopicPartition p : paused) {
            timer(p).record(elapsed, TimeUnit.NANOSECONDS);
        }
        paused.clear();
        paused.addAll(nowPaused);
    }
}
