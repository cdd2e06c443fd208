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
 * A real broker for tests: one of each kind per JVM, started when first asked for and stopped when the JVM ends. Tests keep out
 * of one another's way by topics of their own. Any thread.
 */
public final class TestBroker {
    private static final Map<BrokerKind, TestBroker> STARTED = new EnumMap<>(BrokerKind.class);
    /** Few partitions, so that many fleets fit in one broker, yet more than the workers of a test. */
    private static final TopicLayout LAYOUT = new TopicLayout(Set.of(Topics.DEFAULT_POOL), 6, 2, 1);

    private final String bootstrapServers;
    private final AtomicInteger fleets = new AtomicInteger();

    private TestBroker(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /** The broker of a kind. */
    public static synchronized TestBroker of(BrokerKind kind) {
        return STARTED.computeIfAbsent(kind, TestBroker::start);
    }

    private static TestBroker start(BrokerKind kind) {
        return new TestBroker(
                switch (kind) {
                    case IN_JVM -> InJvm.start();
                    case CONTAINER -> Container.start();
                });
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
        Topics topics = new Topics("test-" + ProcessHandle.current().pid() + "-" + fleets.incrementAndGet());
        return new KafkaSettings(bootstrapServers, topics, kafka.maxMessageBytes(), kafka.overrides());
    }
}
