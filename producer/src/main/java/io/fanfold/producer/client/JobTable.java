package io.fanfold.producer.client;

import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.intake.LogFollower;
import io.fanfold.protocol.intake.OneRecord;
import io.fanfold.protocol.rights.Role;
import io.fanfold.protocol.topics.TopicSetup;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Records;
import io.fanfold.protocol.wire.ResultInfo;
import io.fanfold.protocol.wire.WireException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs of a fleet, as its topics tell now: each that was accepted and is not forgotten. Results are known without their
 * bytes. Memory grows with the number of jobs. Any thread, one at a time.
 */
public final class JobTable implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JobTable.class);

    private final Map<JobId, Accepted> specs = new LinkedHashMap<>();
    private final Map<JobId, JobRecord.Seal> seals = new HashMap<>();
    private final Map<JobId, JobState.Progress> progress = new HashMap<>();
    private final Map<JobId, JobState.Terminal> ends = new HashMap<>();
    private final Map<JobId, JobState.Gone> gone = new HashMap<>();
    private final Map<JobId, JobRecord.Refusal> refusals = new LinkedHashMap<>();
    /** The job that holds a key that submitters gave. */
    private final Map<String, JobId> holders = new HashMap<>();

    /** Those that have not ended, in the order of acceptance. */
    private final Set<JobId> open = new LinkedHashSet<>();

    /** Where ends are written whose results ride in them. */
    private final Map<JobId, Long> inline = new HashMap<>();

    private final Set<JobId> forgotten = new HashSet<>();
    private final KafkaSettings kafka;
    private final String clientId;
    private final LogFollower jobs;
    private final LogFollower states;

    private record Accepted(JobRecord.Spec spec, Instant at) {}

    JobTable(KafkaSettings kafka, String clientId) {
        this.kafka = kafka;
        this.clientId = clientId;
        this.jobs = new LogFollower(kafka, clientId + "-jobs", kafka.topics().jobs(), r -> read(r, this::job));
        this.states =
                new LogFollower(kafka, clientId + "-states", kafka.topics().states(), r -> read(r, this::state));
    }

    /**
     * Connects to a fleet.
     *
     * @throws FanfoldException if no broker answers, or a topic is missing or not as it must be
     */
    public static JobTable connect(KafkaSettings kafka, String clientId) {
        try (TopicSetup topics = new TopicSetup(kafka)) {
            topics.require(Role.CLIENT, Set.of());
        }
        return new JobTable(kafka, clientId);
    }

    /** Every job, in the order of acceptance. */
    public synchronized List<JobReport> all() {
        catchUp();
        return specs.values().stream().map(this::report).toList();
    }

    /** Every job that has not ended, in the order of acceptance. */
    public synchronized List<JobReport> open() {
        catchUp();
        return open.stream().map(specs::get).map(this::report).toList();
    }

    /** The job of this id. */
    public synchronized Optional<JobReport> find(JobId job) {
        catchUp();
        return Optional.ofNullable(specs.get(job)).map(this::report);
    }

    /** The jobs of these ids, those that are known. */
    public synchronized List<JobReport> find(Set<JobId> ids) {
        catchUp();
        return ids.stream()
                .map(specs::get)
                .filter(Objects::nonNull)
                .map(this::report)
                .toList();
    }

    /** The job that holds a submitter's key, be it over or not. */
    public synchronized Optional<JobReport> holder(String key) {
        catchUp();
        return Optional.ofNullable(holders.get(key)).map(specs::get).map(this::report);
    }

    /** How a job ended, with the result's bytes where they ride in that word; empty if it has not. */
    public synchronized Optional<JobState.Terminal> end(JobId job) {
        catchUp();
        Optional<JobState.Terminal> end = Optional.ofNullable(ends.get(job));
        Long offset = inline.get(job);
        return offset == null
                ? end
                : OneRecord.read(kafka, clientId + "-end", kafka.topics().states(), 0, offset)
                        .flatMap(Records::state)
                        .map(JobState.Terminal.class::cast)
                        .or(() -> end);
    }

    /** Submissions that could not become jobs, in the order of their refusal. */
    public synchronized List<JobRecord.Refusal> refusals() {
        catchUp();
        return List.copyOf(refusals.values());
    }

    /** States first: a job whose end is known is known to have been accepted. */
    private void catchUp() {
        states.readToEnd();
        jobs.readToEnd();
    }

    private JobReport report(Accepted accepted) {
        JobId job = accepted.spec().job();
        return new JobReport(
                accepted.spec(),
                Optional.of(accepted.at()),
                Optional.ofNullable(seals.get(job)),
                Optional.ofNullable(progress.get(job)),
                Optional.ofNullable(ends.get(job)),
                Optional.ofNullable(gone.get(job)));
    }

    private void read(ConsumerRecord<byte[], byte[]> record, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        try {
            Optional<JobId> removed = Records.removed(record);
            removed.ifPresentOrElse(this::forget, () -> reader.accept(record));
        } catch (WireException e) {
            LOG.atWarn()
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("offset", record.offset())
                    .addKeyValue("reason", e.getMessage())
                    .log("record passed over");
        }
    }

    /** The two topics are read one after the other, so what is forgotten in one may still come from the other. */
    private void forget(JobId job) {
        forgotten.add(job);
        Accepted was = specs.remove(job);
        if (was != null) {
            holders.remove(was.spec().key(), job);
        }
        refusals.remove(job);
        open.remove(job);
        List.of(seals, progress, ends, gone, inline).forEach(said -> said.remove(job));
    }

    private void job(ConsumerRecord<byte[], byte[]> record) {
        Records.job(record).filter(said -> !forgotten.contains(said.job())).ifPresent(said -> {
            switch (said) {
                case JobRecord.Spec spec -> accepted(spec, Instant.ofEpochMilli(record.timestamp()));
                case JobRecord.Seal seal -> seals.putIfAbsent(seal.job(), seal);
                case JobRecord.Refusal refusal -> refusals.putIfAbsent(refusal.job(), refusal);
            }
        });
    }

    private void accepted(JobRecord.Spec spec, Instant at) {
        boolean first = specs.putIfAbsent(spec.job(), new Accepted(spec, at)) == null;
        if (first && !ends.containsKey(spec.job())) {
            open.add(spec.job());
        }
        spec.claim()
                .ifPresent(claim -> holders.merge(
                        spec.key(),
                        spec.job(),
                        (holder, job) -> claim.after().equals(Optional.of(holder)) ? job : holder));
    }

    private void state(ConsumerRecord<byte[], byte[]> record) {
        Records.state(record).filter(said -> !forgotten.contains(said.job())).ifPresent(said -> {
            switch (said) {
                case JobState.Progress p -> progress.put(p.job(), p);
                case JobState.Terminal t -> ended(t, record.offset());
                case JobState.Gone g -> gone.put(g.job(), g);
            }
        });
    }

    private void ended(JobState.Terminal end, long offset) {
        boolean first = ends.putIfAbsent(end.job(), withoutBytes(end)) == null;
        open.remove(end.job());
        if (first && end.result().flatMap(ResultInfo::inline).isPresent()) {
            inline.put(end.job(), offset);
        }
    }

    private static JobState.Terminal withoutBytes(JobState.Terminal end) {
        return new JobState.Terminal(
                end.job(), end.end(), end.result().map(JobTable::withoutBytes), end.error(), end.chunk());
    }

    private static ResultInfo withoutBytes(ResultInfo r) {
        return new ResultInfo(
                r.descr(),
                r.shape(),
                r.bytes(),
                r.crc32c(),
                r.uri(),
                r.http(),
                Optional.empty(),
                r.holes(),
                r.origin());
    }

    @Override
    public synchronized void close() {
        jobs.close();
        states.close();
    }
}
