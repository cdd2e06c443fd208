package io.fanfold.worker.strategy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A call in this JVM, from its start to its one ending: that of its function, of its timeout or of a stop, whichever is first.
 *
 * <p>Timeout and stop <em>ask</em> it to end: they interrupt what runs. From then on an answer or an error of the function is no
 * longer believed, since an interrupt may be its cause. A function that goes on nevertheless is <em>abandoned</em> after a
 * grace: the call ends, its place is free, and what the function does later is nobody's concern.
 *
 * <p>The monitor guards the state and is never held while somebody else's code runs.
 */
final class Attempt implements Execution.Running {
    private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);

    private final Call call;
    private final Consumer<Ending> ended;
    private final Places places;
    private final List<Future<?>> timers = new ArrayList<>(1);
    private @Nullable Runnable interrupt; // null: no function runs
    private @Nullable Ending asked;
    private boolean over;
    private volatile @Nullable Stopwatch stopwatch;

    Attempt(Call call, Consumer<Ending> ended, Places places) {
        this.call = call;
        this.ended = ended;
        this.places = places;
    }

    Call call() {
        return call;
    }

    synchronized void timeOutAfter(Duration timeout) {
        if (timeout.isPositive()) {
            timers.add(places.after(timeout, () -> ask(new Ending.TimedOut(timeout))));
        }
    }

    /**
     * Runs the whole computation on this thread and tells the ending.
     *
     * @param watch started just now, on this thread if it measures one
     */
    void run(Stopwatch watch) {
        if (!begin(Thread.currentThread()::interrupt)) {
            return;
        }
        stopwatch = watch;
        Ending ending;
        try {
            byte[] answer = Computation.run(call.function(), call.parameters(), call.npy(), call.where());
            ending = new Ending.Answered(answer, watch.wallNanos(), watch.cpuNanos());
        } catch (Throwable e) {
            ending = Thrown.ending(e);
        }
        stopwatch = null;
        end(ending);
    }

    /**
     * Says that the function is about to run.
     *
     * @param how interrupts it; quick
     * @return false where it must not run: the ending has been told
     */
    boolean begin(Runnable how) {
        Ending already;
        synchronized (this) {
            already = asked;
            if (already == null) {
                interrupt = how;
            }
        }
        if (already == null) {
            return true;
        }
        end(already);
        return false;
    }

    /** Says that from now on this interrupts the function; at once, if it has been asked to end meanwhile. */
    synchronized void interruptedBy(Runnable how) {
        boolean _ = Thread.interrupted(); // meant for the function, which has left this thread
        interrupt = how;
        if (asked != null) {
            how.run();
        }
    }

    /** Says how the function ended, on the thread it ran on. */
    void end(Ending ending) {
        synchronized (this) {
            interrupt = null;
            boolean _ = Thread.interrupted(); // meant for the function, not for what this thread does next
        }
        finish(ending);
    }

    @Override
    public void stop() {
        ask(new Ending.Stopped());
    }

    private synchronized void ask(Ending why) {
        if (!over && asked == null) {
            asked = why;
            timers.add(places.after(places.grace(), () -> places.apart(this::abandon)));
            if (interrupt != null) {
                interrupt.run();
            }
        }
    }

    private void abandon() {
        Optional<Ending> last = close(new Ending.Stopped());
        if (last.isPresent()) {
            places.countAbandoned(); // before anybody hears of it
            tell(last.get());
            LOG.atWarn()
                    .addKeyValue("function", call.function().description().id())
                    .addKeyValue("job", call.job())
                    .addKeyValue("chunk", call.index())
                    .log("function does not end when it is interrupted: it is abandoned, and its thread with it");
        }
    }

    private void finish(Ending ending) {
        close(ending).ifPresent(this::tell);
    }

    /** The ending to be told; empty where one has been already. */
    private synchronized Optional<Ending> close(Ending ending) {
        if (over) {
            return Optional.empty();
        }
        over = true;
        timers.forEach(timer -> timer.cancel(false));
        return Optional.of(asked == null || ending instanceof Ending.Fatal ? ending : asked);
    }

    private void tell(Ending last) {
        try {
            ended.accept(last);
        } catch (Throwable e) {
            LOG.atError().setCause(e).addKeyValue("chunk", call.where()).log("ending of a call was not taken");
        } finally {
            places.release();
        }
    }

    /** What its function, which still runs, has used so far; empty if it has ended or is not measured. */
    Optional<Stopwatch> measured() {
        return Optional.ofNullable(stopwatch);
    }
}
