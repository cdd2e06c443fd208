package io.fanfold.worker.strategy;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Takes the endings of one call. */
final class Told implements Consumer<Ending> {
    private final List<Ending> endings = new CopyOnWriteArrayList<>();
    private final CountDownLatch first = new CountDownLatch(1);
    private volatile Thread by;

    @Override
    public void accept(Ending ending) {
        by = Thread.currentThread();
        endings.add(ending);
        first.countDown();
    }

    /** The first ending; waits for it. */
    Ending ending() throws InterruptedException {
        if (!first.await(30, TimeUnit.SECONDS)) {
            throw new AssertionError("the call has not ended");
        }
        return endings.getFirst();
    }

    <E extends Ending> E ending(Class<E> kind) throws InterruptedException {
        Ending ending = ending();
        if (!kind.isInstance(ending)) {
            throw new AssertionError("ended as " + ending + ", not as " + kind.getSimpleName());
        }
        return kind.cast(ending);
    }

    int times() {
        return endings.size();
    }

    Thread by() {
        return by;
    }
}
