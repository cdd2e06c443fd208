package io.fanfold.e2e;

import io.fanfold.aggregator.store.Publisher;
import io.fanfold.protocol.intake.LogFollower;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Records;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Looks all the time at what anybody may look at: the final names of results, which must have the right bytes whenever they are there,
 * and the states, by which a job that is COMPLETED has its result and ends once.
 */
final class ResultWatch implements AutoCloseable {
    private static final Duration STEP = Duration.ofMillis(5);

    /** Results of jobs that have ended are looked at only every so many rounds. */
    private static final int SELDOM = 100;

    private final Set<Path> stores;
    private final Map<JobId, HandJob> jobs = new ConcurrentHashMap<>();
    private final Map<JobId, List<JobState.Terminal>> ends = new ConcurrentHashMap<>();
    private final Map<JobId, JobState.Progress> progress = new ConcurrentHashMap<>();
    private final Map<JobId, JobState.Gone> gone = new ConcurrentHashMap<>();
    private final List<String> wrong = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile boolean over;

    ResultWatch(KafkaSettings kafka, Path... stores) {
        this.stores = Set.of(stores);
        this.thread = Thread.ofPlatform().daemon().name("watch").start(() -> watch(kafka));
    }

    private void watch(KafkaSettings kafka) {
        try (LogFollower states = new LogFollower(kafka, "watch", kafka.topics().states(), this::state)) {
            for (int round = 0; !over; round++) {
                boolean all = round % SELDOM == 0;
                states.poll(STEP);
                jobs.values().stream()
                        .filter(job -> all || !ends.containsKey(job.id()))
                        .forEach(this::look);
            }
        } catch (RuntimeException e) {
            wrong.add("the watch ended: " + e);
        }
    }

    private void state(ConsumerRecord<byte[], byte[]> record) {
        Records.state(record).ifPresent(state -> {
            switch (state) {
                case JobState.Progress p -> progress.put(p.job(), p);
                case JobState.Gone g -> gone.put(g.job(), g);
                case JobState.Terminal end -> ended(end);
            }
        });
    }

    private void ended(JobState.Terminal end) {
        HandJob job = jobs.get(end.job());
        if (job != null && end.end() == JobState.End.COMPLETED && !look(job)) {
            wrong.add(job + " is COMPLETED and has no result");
        }
        ends.computeIfAbsent(end.job(), _ -> new CopyOnWriteArrayList<>()).add(end);
    }

    /** Whether the result is there; if it is, it must be right. */
    private boolean look(HandJob job) {
        boolean there = false;
        for (Path store : stores) {
            Path file = store.resolve(Publisher.result(job.id()));
            try {
                byte[] bytes = Files.readAllBytes(file);
                there = true;
                if (!ByteBuffer.wrap(bytes).equals(job.result())) {
                    wrong.add(job + " shows other bytes: " + bytes.length + " of them, the right ones are "
                            + job.result().remaining());
                }
            } catch (NoSuchFileException e) {
                // not yet
            } catch (IOException e) {
                wrong.add(job + ": " + e);
            }
        }
        return there;
    }

    /** A job to look at from now on. */
    void expect(HandJob job) {
        jobs.put(job.id(), job);
    }

    /** What was seen that must not be. */
    List<String> wrong() {
        return List.copyOf(wrong);
    }

    /** All ends that were said of a job. */
    List<JobState.Terminal> ends(HandJob job) {
        return List.copyOf(ends.getOrDefault(job.id(), List.of()));
    }

    boolean ended(HandJob job) {
        return ends.containsKey(job.id());
    }

    /** Whether all jobs that are looked at have ended. */
    boolean allEnded() {
        return ends.keySet().containsAll(jobs.keySet());
    }

    /** The jobs that have not ended. */
    List<HandJob> open() {
        return jobs.values().stream().filter(job -> !ended(job)).toList();
    }

    /** Chunks of a job that are done, by the last word; 0 if there was none. */
    long done(HandJob job) {
        JobState.Progress last = progress.get(job.id());
        return last == null ? 0 : last.done();
    }

    /** What a job waits for, by the last word; empty text if nothing. */
    String waiting(HandJob job) {
        JobState.Progress last = progress.get(job.id());
        return last == null ? "" : last.waiting().orElse("");
    }

    /** Whether the result is said to be gone, and how; empty text if it is not. */
    String gone(HandJob job) {
        JobState.Gone last = gone.get(job.id());
        return last == null ? "" : last.end() + ": " + last.error();
    }

    /** The jobs that have not ended, and what is said of them. */
    @Override
    public String toString() {
        return open().stream()
                .map(job -> "\n  " + job + ": " + done(job) + " done " + waiting(job))
                .reduce("open:", String::concat);
    }

    @Override
    public void close() {
        over = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
