package io.fanfold.aggregator.catalog;

import io.fanfold.protocol.intake.LogFollower;
import io.fanfold.protocol.wire.Cancel;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Records;
import io.fanfold.protocol.wire.WireException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the topics say of jobs: the spec of each, which are sealed, which have ended and how, which shall be cancelled. One thread. */
public final class Jobs implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);

    /** What comes from outside may be any number: requests to cancel jobs, and outcomes of jobs, that nobody has ever heard of. */
    private static final int MOST_UNKNOWN = 100_000;

    private static final int GLANCES = 3;
    private static final Duration GLANCE = Duration.ofMillis(1);

    private static final long UNKNOWN_NANOS = Duration.ofSeconds(10).toNanos();

    private final Map<JobId, Open> open = new HashMap<>();
    /** How many chunks of a job that has not ended were said to be done. */
    private final Map<JobId, Long> said = new HashMap<>();

    private final Map<JobId, Ended> ended = new HashMap<>();
    private final Map<JobId, Cancel> cancels = new Latest<>();
    /** When a job was last looked for in vain, in {@link System#nanoTime}. */
    private final Map<JobId, Long> unknown = new Latest<>();

    private final LogFollower jobs;
    private final LogFollower states;
    private final LogFollower control;

    /** The last so many of what is put in. */
    private static final class Latest<V> extends LinkedHashMap<JobId, V> {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<JobId, V> eldest) {
            return size() > MOST_UNKNOWN;
        }
    }

    /**
     * A job that has not ended.
     *
     * @param spec with the job's rows as they turned out, once a stream is sealed
     * @param sealed whether all its chunks have been sent
     * @param millis when it was accepted, by the time of its record
     */
    public record Open(JobRecord.Spec spec, boolean sealed, long millis) {}

    public Jobs(KafkaSettings kafka, String name) {
        this.jobs = new LogFollower(kafka, name + "-jobs", kafka.topics().jobs(), r -> reading(r, this::job));
        this.states = new LogFollower(kafka, name + "-states", kafka.topics().states(), r -> reading(r, this::state));
        this.control =
                new LogFollower(kafka, name + "-control", kafka.topics().control(), r -> reading(r, this::cancel));
    }

    /** A record that is not understood is said and passed over: it must not stop the reader. */
    private static void reading(
            ConsumerRecord<byte[], byte[]> record, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        try {
            reader.accept(record);
        } catch (WireException e) {
            LOG.atWarn()
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("offset", record.offset())
                    .addKeyValue("reason", e.getMessage())
                    .log("record passed over");
        }
    }

    private void job(ConsumerRecord<byte[], byte[]> record) {
        Records.removed(record).ifPresent(this::forget);
        Records.job(record).ifPresent(r -> {
            switch (r) {
                case JobRecord.Spec spec -> spec(spec, record.timestamp());
                case JobRecord.Seal seal -> seal(seal);
                case JobRecord.Refusal refusal -> refused(refusal, record.timestamp());
            }
        });
    }

    private void spec(JobRecord.Spec spec, long millis) {
        Ended end = ended.get(spec.job());
        if (end == null) {
            open.putIfAbsent(spec.job(), new Open(spec, false, millis));
        } else {
            ended.put(spec.job(), end.in(spec.header().outcomesPartition()));
        }
    }

    /** A seal that says other than the spec is somebody's mistake and counts for nothing. */
    private void seal(JobRecord.Seal seal) {
        Open job = open.get(seal.job());
        if (job == null || job.sealed()) {
            return;
        }
        Seals.agreed(job.spec(), seal)
                .ifPresentOrElse(
                        known -> open.put(seal.job(), new Open(known, true, job.millis())),
                        () -> LOG.atWarn()
                                .addKeyValue("job", seal.job())
                                .addKeyValue("seal", seal.count() + " chunks, " + seal.rows() + " rows")
                                .addKeyValue(
                                        "spec",
                                        job.spec().plan() + ", "
                                                + job.spec().header().rows() + " rows")
                                .log("a seal contradicts its job's spec and is passed over"));
    }

    /** What was never a job has ended all the same, and is forgotten like one. */
    private void refused(JobRecord.Refusal refusal, long millis) {
        ended.putIfAbsent(
                refusal.job(), new Ended(refusal.job(), refusal.outcomesPartition(), millis, Optional.empty()));
    }

    private void state(ConsumerRecord<byte[], byte[]> record) {
        Records.removed(record).ifPresent(this::forget);
        Records.state(record).ifPresent(s -> {
            switch (s) {
                case JobState.Progress progress -> said(progress);
                case JobState.Terminal end -> ended(end, record.timestamp());
                case JobState.Gone gone -> ended.computeIfPresent(gone.job(), (_, e) -> e.gone(record.timestamp()));
            }
        });
    }

    private void said(JobState.Progress progress) {
        if (!ended(progress.job())) {
            said.put(progress.job(), progress.done());
        }
    }

    private void forget(JobId job) {
        open.remove(job);
        said.remove(job);
        ended.remove(job);
        cancels.remove(job);
    }

    /** A job has ended, by anybody's word; the first counts. */
    private void ended(JobState.Terminal end, long millis) {
        Open job = open.remove(end.job());
        said.remove(end.job());
        int partition = job == null ? -1 : job.spec().header().outcomesPartition();
        Optional<Ended.Kept> kept = end.result()
                .map(r -> new Ended.Kept(r.bytes(), r.crc32c(), r.holes().isPresent(), r.origin()));
        ended.putIfAbsent(end.job(), new Ended(end.job(), partition, millis, kept));
    }

    private void cancel(ConsumerRecord<byte[], byte[]> record) {
        Records.cancel(record).filter(request -> !ended(request.job())).ifPresent(request -> {
            cancels.put(request.job(), request);
        });
    }

    /** Reads jobs, states and requests to their ends: what was acknowledged before the call is known after it. */
    public void catchUp() {
        states.readToEnd();
        jobs.readToEnd();
        control.readToEnd();
        unknown.clear();
    }

    /** Reads what is there, without waiting for it. */
    public void poll() {
        states.poll(Duration.ZERO);
        jobs.poll(Duration.ZERO);
        control.poll(Duration.ZERO);
        cancels.keySet().removeIf(this::ended);
    }

    /** The spec of a job that has not ended. One that is not known yet is looked for at the end of the log, but not all the time. */
    public Optional<JobRecord.Spec> find(JobId job) {
        Open known = open.get(job);
        Long vain = unknown.get(job);
        if (known == null && (vain == null || System.nanoTime() - vain > UNKNOWN_NANOS)) {
            known = lookFor(job);
        }
        return Optional.ofNullable(known).map(Open::spec);
    }

    /** The spec is older than the outcome: mostly it is among what the broker is sending anyway. */
    private @Nullable Open lookFor(JobId job) {
        for (int i = 0; i < GLANCES && !open.containsKey(job); i++) {
            jobs.poll(GLANCE);
        }
        if (!open.containsKey(job)) {
            jobs.readToEnd();
        }
        Open found = open.get(job);
        if (found == null) {
            unknown.put(job, System.nanoTime());
        }
        return found;
    }

    /** The spec of a job that has not ended, if it is known that it is sealed. */
    public Optional<JobRecord.Spec> sealed(JobId job) {
        return Optional.ofNullable(open.get(job)).filter(Open::sealed).map(Open::spec);
    }

    /** The jobs that have not ended. */
    public Collection<Open> open() {
        return open.values();
    }

    /** How many chunks of a job that has not ended were said to be done, the last time anything was said of it. */
    public long saidDone(JobId job) {
        return said.getOrDefault(job, 0L);
    }

    /** The jobs that have ended and are not forgotten. */
    public Collection<Ended> ended() {
        return ended.values();
    }

    public boolean ended(JobId job) {
        return ended.containsKey(job);
    }

    /** Whether a job has ended with a result that is said to be there. */
    public boolean completed(JobId job) {
        Ended end = ended.get(job);
        return end != null && end.kept().isPresent();
    }

    /** A job has ended by this aggregator's own word, which it need not read to know. */
    void endedHere(JobState.Terminal end) {
        ended(end, System.currentTimeMillis());
    }

    /** A result is gone by this aggregator's own word. */
    void goneHere(JobId job) {
        ended.computeIfPresent(job, (_, e) -> e.gone(System.currentTimeMillis()));
    }

    /** Reads what has been said of ends until now. */
    void hearEnds() {
        states.readToEnd();
    }

    /**
     * The requests to cancel jobs that are known and have not ended. Each is given again until its job has: the job may come to be ours
     * only later. One whose job is not known is kept too: workers have heard it and drop the job's chunks, so it must not be lost
     * by whoever decides.
     */
    public List<Cancel> cancels() {
        return cancels.values().stream()
                .filter(request -> open.containsKey(request.job()))
                .toList();
    }

    /** Whether somebody has asked for a job to be ended. */
    boolean asked(JobId job) {
        return cancels.containsKey(job);
    }

    @Override
    public void close() {
        jobs.close();
        states.close();
        control.close();
    }
}
