package io.fanfold.worker.process;

import io.fanfold.worker.strategy.Computation;
import io.fanfold.worker.strategy.Ending;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** All turns at once in one {@link JavaChild}. When it dies, all that were in there with one another have crashed together. */
final class Together implements Way {
    private static final long IDLE_NANOS = Duration.ofSeconds(10).toNanos();
    private static final int TRIES = 3;

    private final Means means;
    private @Nullable Child current;

    Together(Means means) {
        this.means = means;
    }

    @Override
    public void enter(Turn turn) {
        turn.tellWhenEnded(means.threads(), () -> {});
        means.threads().execute(() -> serve(turn));
    }

    @Override
    public void leave(Turn turn) {} // nobody waits here

    private void serve(Turn turn) {
        try {
            for (int i = 0; i < TRIES && !turn.ended(); i++) {
                Child child = current();
                turn.with(child);
                if (child.ask(turn, false)) {
                    return;
                }
            }
            turn.end(new Ending.Crashed("ended before it was asked", false));
        } catch (IOException e) {
            turn.end(notStarted(e));
        } catch (RuntimeException e) {
            turn.end(new Ending.Fatal(new AssertionError(e)));
        } catch (Error e) {
            turn.end(new Ending.Fatal(e));
        }
    }

    /** A program that cannot be started here may well start elsewhere. */
    static Ending notStarted(IOException e) {
        return Computation.raised("IOException", "the child cannot be started: " + e.getMessage(), "", false);
    }

    private synchronized Child current() throws IOException {
        Child child = current;
        if (child == null || !child.fit()) {
            child = Child.start(means.settings().javaCommand(), "java", means);
            current = child;
        }
        return child;
    }

    @Override
    public void sweep() {
        retire(IDLE_NANOS);
    }

    /** Lets go of the child, if it is idle. */
    void close() {
        retire(-1);
    }

    private synchronized void retire(long idleNanos) {
        Child child = current;
        if (child != null && child.idleFor(idleNanos)) {
            current = null;
            means.threads().execute(child::retire);
        }
    }
}
