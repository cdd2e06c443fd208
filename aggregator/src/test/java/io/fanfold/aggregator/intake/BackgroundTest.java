package io.fanfold.aggregator.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Work that takes long, beside the thread that asks for it. */
final class BackgroundTest {
    private final Background background = new Background("test");
    private final List<String> done = new ArrayList<>();

    @AfterEach
    void close() {
        background.close();
    }

    private void drainUntil(int count) {
        await().pollInSameThread().untilAsserted(() -> {
            background.drain();
            assertThat(done).hasSize(count);
        });
    }

    @Test
    void workIsDoneOneAfterTheOtherAndHandedBackInThatOrderToWhoDrains() {
        Thread here = Thread.currentThread();
        AtomicReference<Thread> worker = new AtomicReference<>();
        for (int i = 0; i < 100; i++) {
            String name = "work " + i;
            background.run(
                    () -> {
                        worker.set(Thread.currentThread());
                        return name;
                    },
                    answer -> {
                        assertThat(Thread.currentThread()).isSameAs(here);
                        done.add(answer);
                    },
                    e -> done.add(e.toString()));
        }

        await().until(() -> worker.get() != null);
        drainUntil(100);

        assertThat(done.get(0)).isEqualTo("work 0");
        assertThat(done)
                .isSortedAccordingTo((a, b) -> a.length() == b.length() ? a.compareTo(b) : a.length() - b.length());
        assertThat(worker.get()).isNotSameAs(here);
    }

    @Test
    void whatWorkThrowsIsHandedBackAndTheNextIsDone() {
        background.run(
                () -> {
                    throw new IOException("full");
                },
                _ -> done.add("no"),
                e -> done.add(String.valueOf(e.getMessage())));
        background.run(() -> "next", done::add, e -> done.add(e.toString()));

        drainUntil(2);

        assertThat(done).containsExactly("full", "next");
    }

    @Test
    void anErrorIsThrownWhereItIsHandedBack() {
        background.run(
                () -> {
                    throw new StackOverflowError("deep");
                },
                _ -> done.add("no"),
                e -> done.add(e.toString()));

        await().pollInSameThread()
                .untilAsserted(() -> assertThatThrownBy(background::drain)
                        .isInstanceOf(StackOverflowError.class)
                        .hasMessage("deep"));
        assertThat(done).isEmpty();
    }

    @Test
    void whatIsAskedForWhileDrainingIsDoneToo() {
        background.run(
                () -> "first",
                first -> {
                    done.add(first);
                    background.run(() -> "second", done::add, e -> done.add(e.toString()));
                },
                e -> done.add(e.toString()));

        drainUntil(2);

        assertThat(done).containsExactly("first", "second");
    }

    @Test
    void whatIsForLaterIsDoneByWhoDrains() {
        Thread here = Thread.currentThread();
        background.later(
                Duration.ofMillis(1), () -> done.add(Thread.currentThread().getName()));

        drainUntil(1);

        assertThat(done).containsExactly(here.getName());
    }

    /** An interrupt closes the file that is being synced. */
    @Test
    void whatIsBeingDoneWhenItIsClosedIsNotInterruptedAndWhatWaitsIsNotDone() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicReference<String> outcome = new AtomicReference<>("not done");
        background.run(
                () -> {
                    begun.countDown();
                    goOn.await();
                    outcome.set("done");
                    return "";
                },
                _ -> {},
                _ -> {});
        AtomicReference<String> next = new AtomicReference<>("not begun");
        background.run(
                () -> {
                    next.set("begun");
                    return "";
                },
                _ -> {},
                _ -> {});
        begun.await();

        try (ExecutorService other = Executors.newSingleThreadExecutor()) {
            Thread[] closer = new Thread[1];
            CountDownLatch closing = new CountDownLatch(1);
            Future<?> closed = other.submit(() -> {
                closer[0] = Thread.currentThread();
                closing.countDown();
                background.close();
            });
            closing.await();
            await().until(() -> closer[0].getState() == Thread.State.TIMED_WAITING);
            goOn.countDown();
            closed.get();
        }

        assertThat(outcome).hasValue("done");
        assertThat(next).hasValue("not begun");
    }
}
