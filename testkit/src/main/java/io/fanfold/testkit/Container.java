package io.fanfold.testkit;

import java.time.Duration;
import java.util.Map;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/** Kafka's own image in a container, with the settings of the broker in the JVM. */
final class Container {
    private static final DockerImageName IMAGE = DockerImageName.parse("apache/kafka:4.4.0");

    private static final Duration STARTUP = Duration.ofMinutes(3);

    private Container() {}

    /** Fails where no engine answers: whoever asked for container tests shall not get none silently. */
    @SuppressWarnings("resource") // stopped by the hook
    static String start() {
        KafkaContainer kafka = new KafkaContainer(IMAGE).withEnv(settings()).withStartupTimeout(STARTUP);
        Runtime.getRuntime().addShutdownHook(new Thread(kafka::stop, "stop-container"));
        kafka.start();
        return kafka.getBootstrapServers();
    }

    /**
     * As the broker in the JVM: a dead member is noticed after three seconds unless its group is told otherwise, topics are only made
     * on purpose, and those of Kafka itself have one partition.
     */
    private static Map<String, String> settings() {
        return Map.of(
                "KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false",
                "KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS", "1",
                "KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS", "1",
                "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0",
                "KAFKA_GROUP_CONSUMER_SESSION_TIMEOUT_MS", "3000",
                "KAFKA_GROUP_CONSUMER_MIN_SESSION_TIMEOUT_MS", "3000",
                "KAFKA_GROUP_CONSUMER_HEARTBEAT_INTERVAL_MS", "500",
                "KAFKA_GROUP_CONSUMER_MIN_HEARTBEAT_INTERVAL_MS", "500",
                "KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS", "3000");
    }
}
