package io.fanfold.producer.client;

import io.fanfold.protocol.intake.LogFollower;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Records;
import io.fanfold.protocol.wire.WireException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** How jobs have ended, as the states topic says now. One thread. */
final class JobEnds implements AutoCloseable {
    private final Map<JobId, JobState.End> ends = new HashMap<>();
    private final LogFollower states;

    JobEnds(KafkaSettings kafka, String clientId) {
        this.states =
                new LogFollower(kafka, clientId + "-states", kafka.topics().states(), this::read);
    }

    private void read(ConsumerRecord<byte[], byte[]> record) {
        try {
            if (Records.state(record).orElse(null) instanceof JobState.Terminal end) {
                ends.put(end.job(), end.end());
            }
        } catch (WireException e) {
            // a state that this version does not understand is no end that it knows
        }
    }

    Optional<JobState.End> of(JobId job) {
        if (!ends.containsKey(job)) {
            states.readToEnd();
        }
        return Optional.ofNullable(ends.get(job));
    }

    @Override
    public void close() {
        states.close();
    }
}
