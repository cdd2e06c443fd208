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
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the topics say of jobs: the spec of each, which have ended, and which shall be cancelled. One thread. */
public final class Jobs implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);

    /** Requests to cancel jobs that nobody has ever heard of come from outside: there may be any number. */
    private static final int KEPT = 100_000;

    private final Map<JobId, JobRecord.Spec> specs = new HashMap<>();
    private final Set<JobId> ended = new HashSet<>();
    private final Map<JobId, Cancel> cancels = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<JobId, Cancel> eldest) {
            return size() > KEPT;
        }
    };
    private final LogFollower jobs;
    private final LogFollower states;
    private final LogFollower control;

    public Jobs(KafkaSettings kafka, String name) {
        this.jobs = new LogFollower(kafka, name + "-jobs", kafka.topics().jobs(), r -> reading(r, this::job));
        this.states = new LogFollower(kafka, name + "-states", kafka.topics().states(), r -> reading(r, this::state));
        this.control =
                new LogFollower(kafka, name + "-control", kafka.topics().control(), r -> reading(r, this::cancel));
    }

    /** A record that is not understood is said and passed over: it must not stop the reader. */
    private static void reading(
            ConsumerRecord<byte[], byte[]> record, java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> reader) {
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
        Records.job(record).ifPresent(r -> {
            if (r instanceof JobRecord.Spec spec && !ended(spec.job())) {
                specs.putIfAbsent(spec.job(), spec);
            }
        });
    }

    private void state(ConsumerRecord<byte[], byte[]> record) {
        Records.state(record).ifPresent(s -> {
            if (s instanceof JobState.Terminal) {
                endedHere(s.job());
            }
        });
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
    }

    /** The spec of a job. One that is not known yet is looked for at the end of the log. */
    public Optional<JobRecord.Spec> find(JobId job) {
        if (!specs.containsKey(job)) {
            jobs.readToEnd();
        }
        return Optional.ofNullable(specs.get(job));
    }

    public boolean ended(JobId job) {
        return ended.contains(job);
    }

    /** A job has ended by this aggregator's own word, which it need not read to know. */
    void endedHere(JobId job) {
        ended.add(job);
        specs.remove(job);
    }

    /** Whether a job has ended, by anybody's word, as of now. */
    public boolean endedByNow(JobId job) {
        states.readToEnd();
        return ended(job);
    }

    /**
     * The requests to cancel jobs that are known and have not ended. Each is given again until its job has: the job may come to be ours
     * only later. One whose job is not known is kept too: workers have heard it and drop the job's chunks, so it must not be lost
     * by whoever decides.
     */
    public List<Cancel> cancels() {
        control.poll(Duration.ZERO);
        cancels.keySet().removeIf(this::ended);
        if (!cancels.isEmpty()) {
            states.poll(Duration.ZERO);
            jobs.poll(Duration.ZERO);
            cancels.keySet().removeIf(this::ended);
        }
        return cancels.values().stream()
                .filter(request -> specs.containsKey(request.job()))
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
