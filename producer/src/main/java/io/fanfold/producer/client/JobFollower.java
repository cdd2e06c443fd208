package io.fanfold.producer.client;

import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.intake.LogFollower;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Records;
import io.fanfold.protocol.wire.WireException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells handles what the states topic says of their jobs. One thread of its own. */
final class JobFollower implements AutoCloseable {
    private static final int KEPT = 500;
    private static final Logger LOG = LoggerFactory.getLogger(JobFollower.class);

    private final Map<JobId, JobHandle> handles = new ConcurrentHashMap<>();
    private final Queue<JobId> over = new ArrayDeque<>();
    private final LogFollower states;
    private final Thread loop;
    private volatile boolean stopping;

    /** @param first told everything from the beginning; the topic is not read twice for those that come later */
    JobFollower(KafkaSettings kafka, String clientId, JobHandle... first) {
        for (JobHandle handle : first) {
            handles.put(handle.id(), handle);
        }
        this.states =
                new LogFollower(kafka, clientId + "-states", kafka.topics().states(), this::read);
        this.loop = Thread.ofPlatform().name("job-follower").daemon().start(this::run);
    }

    JobHandle follow(JobHandle handle) {
        handles.put(handle.id(), handle);
        return handle;
    }

    void leave(JobId job) {
        handles.remove(job);
    }

    Optional<JobHandle> find(JobId job) {
        return Optional.ofNullable(handles.get(job));
    }

    boolean live() {
        return loop.isAlive();
    }

    private void run() {
        try {
            while (!stopping) {
                states.poll(Duration.ofMillis(100));
            }
            end(new FanfoldException("the client was closed before the job ended"));
        } catch (RuntimeException e) {
            LOG.error("the states of jobs cannot be followed any more", e);
            end(e);
        } finally {
            states.close();
        }
    }

    private void end(RuntimeException why) {
        handles.values().forEach(handle -> handle.lost(why));
    }

    private void read(ConsumerRecord<byte[], byte[]> record) {
        try {
            Records.state(record).ifPresent(state -> {
                JobHandle handle = handles.get(state.job());
                if (handle != null) {
                    handle.read(state);
                }
                if (handle != null && state instanceof JobState.Terminal) {
                    forgetOldest(handle.id());
                }
            });
        } catch (WireException e) {
            LOG.atWarn()
                    .addKeyValue("offset", record.offset())
                    .addKeyValue("reason", e.getMessage())
                    .log("state passed over");
        }
    }

    /** The latest ended jobs are kept for those who ask late; the states topic knows the others. */
    private void forgetOldest(JobId ended) {
        over.add(ended);
        if (over.size() > KEPT) {
            handles.remove(over.remove());
        }
    }

    @Override
    public void close() {
        stopping = true;
        try {
            loop.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
