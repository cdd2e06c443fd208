package io.fanfold.worker.intake;

import io.fanfold.protocol.intake.LogFollower;
import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.protocol.wire.FunctionProfile;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Records;
import io.fanfold.protocol.wire.WireException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** How the functions of a pool have run so far, as its workers have published it: what a new worker starts from. */
public final class Profiles {
    private final String pool;
    private final Map<FunctionId, FunctionProfile> profiles = new HashMap<>();

    private Profiles(String pool) {
        this.pool = pool;
    }

    /** Reads what the functions topic says now. */
    public static Profiles read(KafkaSettings kafka, String clientId, String pool) {
        Profiles profiles = new Profiles(pool);
        try (LogFollower follower =
                new LogFollower(kafka, clientId + "-profiles", kafka.topics().functions(), profiles::read)) {
            follower.readToEnd();
        }
        return profiles;
    }

    private void read(ConsumerRecord<byte[], byte[]> record) {
        try {
            Records.offer(record)
                    .filter(offer -> offer.pool().equals(pool))
                    .ifPresent(offer -> offer.profile()
                            .ifPresent(profile -> profiles.put(offer.function().id(), profile)));
        } catch (WireException e) {
            // an offer that this version does not understand tells it nothing
        }
    }

    public Optional<FunctionProfile> of(FunctionId function) {
        return Optional.ofNullable(profiles.get(function));
    }

    public Map<FunctionId, FunctionProfile> all() {
        return Map.copyOf(profiles);
    }
}
