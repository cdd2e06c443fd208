package io.fanfold.bench.rig;

import java.time.Duration;
import java.util.stream.Stream;

/** Processor time of this JVM and of all processes that it has started and that live. */
public final class CpuTime {
    private CpuTime() {}

    /** Seconds so far, of all cores together. */
    public static double seconds() {
        return Stream.concat(
                        Stream.of(ProcessHandle.current()),
                        ProcessHandle.current().descendants())
                .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
                .mapToDouble(used -> used.toNanos() / 1e9)
                .sum();
    }
}
