package io.fanfold.worker.process;

import io.fanfold.worker.strategy.Call;
import io.fanfold.worker.strategy.Ending;
import io.fanfold.worker.strategy.Execution;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A call on its way through the children: it waits, is with a child, ends. The first ending that is offered counts; everything
 * later is passed over. Any thread.
 */
final class Turn implements Execution.Running {
    private final Call call;
    private final Consumer<Ending> ended;
    private final Way way;
    private final CompletableFuture<Ending> ending = new CompletableFuture<>();
    private volatile @Nullable Child child;

    /** @param ended told how it ended */
    Turn(Call call, Consumer<Ending> ended, Way way) {
        this.call = call;
        this.ended = ended;
        this.way = way;
    }

    Call call() {
        return call;
    }

    /** It is with this child from now on. */
    void with(Child child) {
        this.child = child;
        if (ended()) {
            child.giveUp();
        }
    }

    /** Offers an ending. */
    void end(Ending how) {
        boolean _ = ending.complete(how);
    }

    /** Ends it from outside; a child that still computes it does so in vain. */
    void cut(Ending how) {
        if (ending.complete(how)) {
            Child where = child; // read after: with(), the other way round, sees the ending
            if (where != null) {
                where.giveUp();
            }
        }
    }

    /** From now on its time counts. */
    void begins(Means means) {
        if (call.timeout().isPositive()) {
            means.afterwards(call.timeout(), () -> cut(new Ending.TimedOut(call.timeout())), ending);
        }
    }

    boolean ended() {
        return ending.isDone();
    }

    /** Something quick that is due when it ends. */
    void whenEnded(Runnable then) {
        CompletableFuture<Void> _ = ending.thenRun(then);
    }

    /** Tells how it ended once it has; who takes a turn in sees to it that this happens once. */
    void tellWhenEnded(Executor threads, Runnable before) {
        CompletableFuture<Void> _ = ending.thenAcceptAsync(
                how -> {
                    before.run();
                    ended.accept(how);
                },
                threads);
    }

    @Override
    public void stop() {
        cut(new Ending.Stopped());
        way.leave(this);
    }
}
