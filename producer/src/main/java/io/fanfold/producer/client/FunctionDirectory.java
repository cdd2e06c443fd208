package io.fanfold.producer.client;

import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.intake.LogFollower;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.protocol.wire.FunctionOffer;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Records;
import io.fanfold.protocol.wire.WireException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What the pools of a fleet can compute, as their workers have said. Any thread, one at a time. */
public final class FunctionDirectory implements AutoCloseable {
    private final Map<String, FunctionOffer> offers = new TreeMap<>();
    private final LogFollower follower;

    FunctionDirectory(KafkaSettings kafka, String clientId) {
        this.follower =
                new LogFollower(kafka, clientId + "-functions", kafka.topics().functions(), this::read);
    }

    private void read(ConsumerRecord<byte[], byte[]> record) {
        try {
            String key = Records.offerKey(record);
            Records.offer(record).ifPresentOrElse(offer -> offers.put(key, offer), () -> offers.remove(key));
        } catch (WireException e) {
            // an offer that this version does not understand is one it cannot use
        }
    }

    /** Every function of every pool, by pool and name. */
    public synchronized List<FunctionOffer> all() {
        follower.readToEnd();
        return new ArrayList<>(offers.values());
    }

    /**
     * A function of a pool, by {@code name} (its latest version) or {@code name@version}.
     *
     * @throws InvalidRequestException if the pool has no such function, naming what it has
     */
    public FunctionDescription find(String pool, String function) {
        return offer(pool, function).function();
    }

    /** As {@link #find}, with all that the pool's workers say of it. */
    public FunctionOffer offer(String pool, String function) {
        List<FunctionOffer> there =
                all().stream().filter(offer -> offer.pool().equals(pool)).toList();
        return there.stream()
                .filter(offer -> named(offer.function().id(), function))
                .max(Comparator.comparing(offer -> offer.function().id().version(), FunctionId::compareVersions))
                .orElseThrow(() -> new InvalidRequestException(
                        "no worker of pool " + pool + " has a function \"" + function + "\"; " + have(there)));
    }

    private static boolean named(FunctionId id, String function) {
        return id.name().equals(function) || id.toString().equals(function);
    }

    private static String have(List<FunctionOffer> there) {
        return there.isEmpty()
                ? "none has ever said what it can compute: start one with: fanfold worker"
                : "they have "
                        + there.stream()
                                .map(offer -> offer.function().id().name())
                                .distinct()
                                .collect(Collectors.joining(", "));
    }

    @Override
    public synchronized void close() {
        follower.close();
    }
}
