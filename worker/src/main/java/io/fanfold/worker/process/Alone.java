package io.fanfold.worker.process;

import io.fanfold.worker.function.ChildFunction;
import io.fanfold.worker.strategy.Ending;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * One turn at a time in a child. Turns wait until one of so many children is free, first come first served; children that have
 * nothing to do are kept for the next turn with their command, and make room for other commands.
 */
final class Alone implements Way {
    private static final long IDLE_NANOS = Duration.ofSeconds(60).toNanos();

    private final Means means;
    private final Deque<Turn> waiting = new ArrayDeque<>();
    private final Deque<Child> idle = new ArrayDeque<>();
    private int busy;
    private boolean closed;

    Alone(Means means) {
        this.means = means;
    }

    @Override
    public synchronized void enter(Turn turn) {
        waiting.add(turn);
        match();
    }

    @Override
    public synchronized void leave(Turn turn) {
        if (waiting.remove(turn)) {
            turn.tellWhenEnded(means.threads(), () -> {});
        }
    }

    private void match() {
        while (busy < means.settings().processes() && !waiting.isEmpty()) {
            Turn turn = waiting.remove();
            Optional<Child> child = idle(command(turn));
            busy++;
            makeRoom();
            means.threads().execute(() -> serve(turn, child));
        }
    }

    /** The child of this command that was used last. */
    private Optional<Child> idle(List<String> command) {
        for (Iterator<Child> i = idle.descendingIterator(); i.hasNext(); ) {
            Child child = i.next();
            if (child.runs(command)) {
                i.remove();
                return Optional.of(child);
            }
        }
        return Optional.empty();
    }

    private void makeRoom() {
        while (busy + idle.size() > means.settings().processes()) {
            means.threads().execute(idle.remove()::retire);
        }
    }

    private void serve(Turn turn, Optional<Child> found) {
        Optional<Child> child = Optional.empty();
        try {
            child = found.filter(c -> c.fit() && asked(turn, c)).or(() -> fresh(turn));
        } catch (RuntimeException e) {
            turn.end(new Ending.Fatal(new AssertionError(e)));
        } catch (Error e) {
            turn.end(new Ending.Fatal(e));
        }
        Optional<Child> used = child;
        turn.tellWhenEnded(means.threads(), () -> release(used));
    }

    private Optional<Child> fresh(Turn turn) {
        if (turn.ended()) {
            return Optional.empty();
        }
        try {
            String name = java(turn)
                    ? "java"
                    : turn.call().function().description().id().toString();
            Child child = Child.start(command(turn), name, means);
            if (!asked(turn, child)) {
                turn.end(new Ending.Crashed("ended as soon as it was ready", true));
            }
            return Optional.of(child);
        } catch (IOException e) {
            turn.end(Together.notStarted(e));
            return Optional.empty();
        }
    }

    private static boolean asked(Turn turn, Child child) {
        turn.with(child);
        return child.ask(turn, java(turn));
    }

    private synchronized void release(Optional<Child> used) {
        busy--;
        used.filter(Child::fit).ifPresent(child -> {
            int longest = means.settings().recycleAfter();
            if (closed) {
                means.threads().execute(child::retire);
            } else if (longest > 0 && child.served() >= longest) {
                means.census().recycled();
                means.threads().execute(child::retire);
            } else {
                idle.add(child);
            }
        });
        match();
    }

    @Override
    public void sweep() {
        retire(IDLE_NANOS);
    }

    /** Lets go of all that are idle, and of those that work once they have ended. */
    synchronized void close() {
        closed = true;
        retire(-1);
    }

    private synchronized void retire(long idleNanos) {
        idle.removeIf(child -> {
            boolean ends = !child.fit() || child.idleFor(idleNanos);
            if (ends) {
                means.threads().execute(child::retire);
            }
            return ends;
        });
    }

    private List<String> command(Turn turn) {
        return turn.call().function() instanceof ChildFunction f
                ? f.command()
                : means.settings().javaCommand();
    }

    private static boolean java(Turn turn) {
        return !(turn.call().function() instanceof ChildFunction);
    }
}
