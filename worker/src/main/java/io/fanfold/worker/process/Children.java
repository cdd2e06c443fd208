package io.fanfold.worker.process;

import io.fanfold.worker.strategy.Execution;
import io.micrometer.core.instrument.MeterRegistry;

/** Stub. */
public final class Children implements AutoCloseable {
    public Children(ChildSettings settings, MeterRegistry meters) {}

    public Execution execution(int parallelism, Runnable freed) {
        return new Execution() {
            @Override
            public Running start(
                    io.fanfold.worker.strategy.Call call,
                    java.util.function.Consumer<io.fanfold.worker.strategy.Ending> ended) {
                throw new UnsupportedOperationException();
            }

            @Override
            public int free() {
                return 0;
            }

            @Override
            public void resize(int parallelism) {}

            @Override
            public void close() {}
        };
    }

    public Execution together() {
        return execution(1, () -> {});
    }

    @Override
    public void close() {}
}
