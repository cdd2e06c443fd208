package io.fanfold.testkit;

import io.fanfold.protocol.topics.TopicLayout;
import io.fanfold.protocol.topics.TopicSetup;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Topics;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real broker for tests, started when first asked for and stopped when the JVM ends; kinds that differ only in what clients are
 * told share one. Tests keep out of one another's way by topics of their own. Any thread.
 */
public final class TestBroker {
    private static final Map<BrokerKind, TestBroker> STARTED = new EnumMap<>(BrokerKind.class);
    /** Few partitions, so that many fleets fit in one broker, yet more than the workers of a test. */
    private static final TopicLayout LAYOUT = new TopicLayout(Set.of(Topics.DEFAULT_POOL), 6, 2, 1);

    /** A member that leaves waits for the fetch that is on its way: tests, which begin and end hundreds of them, cannot wait as long. */
    private static final Map<String, String> CONSUMER = Map.of("fetch.max.wait.ms", "50");

    /** A member that is killed is missed after six seconds; the broker allows no less than three. */
    private static final Map<String, String> CLASSIC = Map.of(
            "fetch.max.wait.ms", "50",
            "group.protocol", "classic",
            "session.timeout.ms", "6000",
            "heartbeat.interval.ms", "1000");

    private static final AtomicInteger FLEETS = new AtomicInteger();

    private final String bootstrapServers;
    private final Map<String, String> overrides;

    private TestBroker(String bootstrapServers, Map<String, String> overrides) {
        this.bootstrapServers = bootstrapServers;
        this.overrides = overrides;
    }

    /** The broker of a kind. */
    public static synchronized TestBroker of(BrokerKind kind) {
        TestBroker started = STARTED.get(kind);
        if (started == null) {
            started = start(kind);
            STARTED.put(kind, started);
        }
        return started;
    }

    private static TestBroker start(BrokerKind kind) {
        return switch (kind) {
            case IN_JVM -> new TestBroker(InJvm.start(), CONSUMER);
            case IN_JVM_CLASSIC -> new TestBroker(of(BrokerKind.IN_JVM).bootstrapServers(), CLASSIC);
            case CONTAINER -> new TestBroker(Container.start(), CONSUMER);
        };
    }

    /** Where clients connect. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** Topics of a fleet of its own: 6 partitions of chunks in the default pool, 2 of outcomes. */
    public KafkaSettings freshFleet() {
        return freshFleet(LAYOUT);
    }

    /** Topics of a fleet of its own, laid out so. */
    public KafkaSettings freshFleet(TopicLayout layout) {
        KafkaSettings kafka = untouchedFleet();
        try (TopicSetup topics = new TopicSetup(kafka)) {
            topics.create(layout);
        }
        return kafka;
    }

    /** The names of a fleet of its own, whose topics do not exist. */
    public KafkaSettings untouchedFleet() {
        KafkaSettings kafka = KafkaSettings.at(bootstrapServers);
        Topics topics = new Topics("test-" + ProcessHandle.current().pid() + "-" + FLEETS.incrementAndGet());
        return new KafkaSettings(bootstrapServers, topics, kafka.maxMessageBytes(), overrides);
    }
}
