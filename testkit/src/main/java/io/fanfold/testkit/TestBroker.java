package io.fanfold.testkit;

import io.fanfold.protocol.topics.TopicLayout;
import io.fanfold.protocol.topics.TopicSetup;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Topics;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaFuture;

/**
 * A real broker for tests, started when first asked for and stopped when the JVM ends; kinds that differ only in what clients are
 * told share one. Tests keep out of one another's way by topics of their own. Any thread.
 */
public final class TestBroker {
    private static final Map<BrokerKind, TestBroker> STARTED = new EnumMap<>(BrokerKind.class);
    /** Few partitions, so that many fleets fit in one broker, yet more than the workers of a test. */
    private static final TopicLayout LAYOUT = new TopicLayout(Set.of(Topics.DEFAULT_POOL), 6, 2, 1);

    /**
     * A member that leaves waits for the fetch that is on its way: tests, which begin and end hundreds of them, cannot wait as long.
     * An admin is as patient as Kafka's own default: the broker shares a machine with all else that is tested.
     */
    private static final Map<String, String> CLIENTS =
            Map.of("fetch.max.wait.ms", "50", "default.api.timeout.ms", "60000", "request.timeout.ms", "30000");

    private static final AtomicInteger FLEETS = new AtomicInteger();

    private final String bootstrapServers;
    private final boolean classic;

    private TestBroker(String bootstrapServers, boolean classic) {
        this.bootstrapServers = bootstrapServers;
        this.classic = classic;
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
            case IN_JVM -> new TestBroker(InJvm.start(), false);
            case IN_JVM_CLASSIC -> new TestBroker(of(BrokerKind.IN_JVM).bootstrapServers(), true);
            case CONTAINER -> new TestBroker(Container.start(), false);
        };
    }

    /** Where clients connect. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** Topics of a fleet of its own, of which no member is killed: 6 partitions of chunks in the default pool, 2 of outcomes. */
    public KafkaSettings freshFleet() {
        return freshFleet(LAYOUT);
    }

    /** Topics of a fleet of its own, of which no member is killed, laid out so. */
    public KafkaSettings freshFleet(TopicLayout layout) {
        return fleet(layout, Sessions.LONG);
    }

    /** As {@link #freshFleet()}, for one whose members are killed: soon after, others have their partitions. */
    public KafkaSettings mortalFleet() {
        return mortalFleet(LAYOUT);
    }

    /** As {@link #freshFleet(TopicLayout)}, for one whose members are killed: soon after, others have their partitions. */
    public KafkaSettings mortalFleet(TopicLayout layout) {
        return fleet(layout, Sessions.SHORT);
    }

    private KafkaSettings fleet(TopicLayout layout, Sessions sessions) {
        KafkaSettings kafka = names(sessions);
        try (Admin admin = Admin.create(kafka.admin("sessions"));
                TopicSetup topics = new TopicSetup(kafka)) {
            KafkaFuture<Void> set = sessions.set(admin, kafka.topics(), layout.pools());
            topics.create(layout);
            set.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("the broker does not take the sessions " + sessions, e);
        }
        return kafka;
    }

    /** The names of a fleet of its own, whose topics do not exist. */
    public KafkaSettings untouchedFleet() {
        return names(Sessions.LONG);
    }

    private KafkaSettings names(Sessions sessions) {
        KafkaSettings kafka = KafkaSettings.at(bootstrapServers);
        Topics topics = new Topics("test-" + ProcessHandle.current().pid() + "-" + FLEETS.incrementAndGet());
        Map<String, String> overrides = new HashMap<>(CLIENTS);
        if (classic) {
            overrides.putAll(sessions.classic());
        }
        return new KafkaSettings(bootstrapServers, topics, kafka.maxMessageBytes(), overrides);
    }
}
