package io.fanfold.protocol.wire;

import io.fanfold.protocol.InvalidRequestException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.ByteBufferDeserializer;

/**
 * Where the broker is and how large a record may be; makes the properties of every Kafka client.
 *
 * @param bootstrapServers {@code host:port[,host:port]…}
 * @param maxMessageBytes the largest record, in bytes, that topics and clients allow
 * @param overrides client properties that win over ours (security and the like)
 */
public record KafkaSettings(
        String bootstrapServers, Topics topics, int maxMessageBytes, Map<String, String> overrides) {
    /** 16 MiB: what {@code topics create} sets. */
    public static final int MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
    /** How much of a record's limit is kept for its key, headers and batch framing. */
    private static final int ENVELOPE_BYTES = 64 * 1024;

    /** What the guarantees rest on: no override may change it. */
    private static final Set<String> OURS = Set.of(
            "acks",
            "auto.offset.reset",
            "delivery.timeout.ms",
            "enable.auto.commit",
            "enable.idempotence",
            "group.id",
            "isolation.level",
            "key.deserializer",
            "key.serializer",
            "max.request.size",
            "transactional.id",
            "value.deserializer",
            "value.serializer");

    /** What a member of a group of the protocol {@code consumer} leaves to the broker. */
    private static final List<String> CLASSIC_ONLY =
            List.of("session.timeout.ms", "heartbeat.interval.ms", "partition.assignment.strategy");

    /** A request has one batch of a partition: where many small records wait, that many bytes of them go at once. */
    private static final int BATCH_BYTES = 128 * 1024;

    private static final int LEAST_MESSAGE_BYTES = 256 * 1024;
    private static final int MOST_MESSAGE_BYTES = 512 * 1024 * 1024;
    private static final int FETCH_SHARE = 32;
    private static final int PARTITION_FETCH_SHARE = 256;
    private static final int MOST_PARTITION_FETCH_BYTES = 4 * 1024 * 1024;

    public KafkaSettings {
        overrides = Map.copyOf(overrides);
        for (String key : overrides.keySet()) {
            if (OURS.contains(key)) {
                throw new InvalidRequestException("the Kafka setting " + key + "=" + overrides.get(key)
                        + " would break what Fanfold promises: leave it out of the configuration");
            }
        }
        requireFit(overrides);
        if (maxMessageBytes < LEAST_MESSAGE_BYTES || maxMessageBytes > MOST_MESSAGE_BYTES) {
            throw new InvalidRequestException("max-message-bytes is " + maxMessageBytes + "; it must be "
                    + LEAST_MESSAGE_BYTES + " to " + MOST_MESSAGE_BYTES);
        }
    }

    /** Kafka would say the same in the middle of a role's start, with less to go by. */
    private static void requireFit(Map<String, String> overrides) {
        String protocol = groupProtocol(overrides);
        if (!protocol.equals("consumer") && !protocol.equals("classic")) {
            throw new InvalidRequestException(
                    "group.protocol is \"" + Json.shorten(protocol) + "\"; it must be consumer or classic");
        }
        CLASSIC_ONLY.stream()
                .filter(key -> protocol.equals("consumer") && overrides.containsKey(key))
                .findFirst()
                .ifPresent(key -> {
                    throw new InvalidRequestException("the Kafka setting " + key + "=" + overrides.get(key)
                            + " does not go with group.protocol=consumer, where the broker decides it:"
                            + " leave it out, or set group.protocol=classic");
                });
        if (protocol.equals("classic") && overrides.containsKey("group.remote.assignor")) {
            throw new InvalidRequestException("the Kafka setting group.remote.assignor="
                    + overrides.get("group.remote.assignor")
                    + " does not go with group.protocol=classic: leave it out");
        }
    }

    private static String groupProtocol(Map<String, String> overrides) {
        return overrides
                .getOrDefault(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer")
                .toLowerCase(Locale.ROOT);
    }

    public static KafkaSettings at(String bootstrapServers) {
        return new KafkaSettings(bootstrapServers, Topics.DEFAULT, MAX_MESSAGE_BYTES, Map.of());
    }

    /** The largest chunk or outcome value, in bytes. */
    public int maxValueBytes() {
        return maxMessageBytes - ENVELOPE_BYTES;
    }

    /** The largest record of the dead-letters topic: any other record with the reason beside it. */
    public int deadLetterBytes() {
        return maxMessageBytes + ENVELOPE_BYTES;
    }

    /**
     * A producer that loses nothing: all replicas acknowledge, retries keep order and make no duplicates, and a broker that is
     * away is waited for.
     *
     * @param bufferBytes memory for records that are not acknowledged; at least the largest record
     */
    public Properties producer(String clientId, long bufferBytes) {
        Map<String, Object> p = common(clientId);
        p.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        p.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        p.put(ProducerConfig.ACKS_CONFIG, "all");
        p.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        p.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        p.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        p.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, deadLetterBytes());
        p.put(ProducerConfig.BUFFER_MEMORY_CONFIG, Math.max(bufferBytes, deadLetterBytes()));
        p.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        p.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.MAX_VALUE);
        return finish(p);
    }

    /** A consumer of whole values, each an array of its own, in no group or in {@code group} if it is not empty. */
    public Properties consumer(String clientId, String group) {
        Map<String, Object> p = common(clientId);
        p.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        p.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        p.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        p.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        p.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        p.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        p.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, ofHeap(FETCH_SHARE, maxMessageBytes));
        p.put(
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                ofHeap(PARTITION_FETCH_SHARE, MOST_PARTITION_FETCH_BYTES));
        if (!group.isEmpty()) {
            p.put(ConsumerConfig.GROUP_ID_CONFIG, group);
            String protocol = groupProtocol(overrides);
            p.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, protocol);
            if (protocol.equals("classic")) { // alone: with another beside it, every rebalance would stop all lanes
                p.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
            }
        }
        return finish(p);
    }

    /**
     * A share of this JVM's heap, as a number of bytes to fetch: what is fetched from a partition that is paused meanwhile stays in
     * memory. A record that is larger is fetched all the same.
     */
    private int ofHeap(int share, int most) {
        long bytes = Math.max(LEAST_MESSAGE_BYTES, Runtime.getRuntime().maxMemory() / share);
        return (int) Math.min(bytes, Math.min(most, maxMessageBytes));
    }

    /** As {@link #consumer}, but values are slices of the fetch response: to be read before the next poll, not kept. */
    public Properties borrowingConsumer(String clientId, String group) {
        Properties p = consumer(clientId, group);
        p.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteBufferDeserializer.class);
        return p;
    }

    public Properties admin(String clientId) {
        Map<String, Object> p = common(clientId);
        p.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
        p.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        return finish(p);
    }

    private Map<String, Object> common(String clientId) {
        Map<String, Object> p = new HashMap<>();
        p.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        p.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
        p.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1000);
        return p;
    }

    private Properties finish(Map<String, Object> p) {
        Properties all = new Properties();
        all.putAll(p);
        all.putAll(overrides);
        return all;
    }
}
