package io.fanfold.worker.process;

import io.fanfold.worker.strategy.Call;
import io.fanfold.worker.strategy.Ending;
import io.fanfold.worker.strategy.Execution;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A lane's view of the children: counts what the lane has running, and nothing else. Any thread. */
final class Share implements Execution {
    private static final Logger LOG = LoggerFactory.getLogger(Share.class);

    private final BiFunction<Call, Consumer<Ending>, Turn> children;
    private final AtomicInteger running = new AtomicInteger();
    private final Runnable freed;
    private volatile int parallelism;
    private volatile boolean closed;

    /** @param freed told after one more could be started */
    Share(BiFunction<Call, Consumer<Ending>, Turn> children, int parallelism, Runnable freed) {
        this.children = children;
        this.freed = freed;
        this.parallelism = parallelism;
    }

    @Override
    public Running start(Call call, Consumer<Ending> ended) {
        running.incrementAndGet();
        Turn turn = children.apply(call, ending -> tell(ended, ending));
        if (closed) {
            turn.stop();
        }
        return turn;
    }

    private void tell(Consumer<Ending> ended, Ending ending) {
        try {
            ended.accept(ending);
        } catch (RuntimeException e) {
            LOG.error("the end of a chunk could not be told", e);
        } finally {
            running.decrementAndGet();
            freed.run();
        }
    }

    @Override
    public int free() {
        return Math.max(0, parallelism - running.get());
    }

    @Override
    public void resize(int parallelism) {
        this.parallelism = parallelism;
    }

    @Override
    public void close() {
        closed = true;
    }
}
