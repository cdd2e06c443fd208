package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.fanfold.protocol.topics.Purge;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What a purge deletes, and what keeps it from that, on two partitions of 20 records each. */
final class PurgeIT {
    private static final int RECORDS = 20;
    private static final Duration SOON = Duration.ofMillis(50);
    private static final String OTHER = "other-";

    @TempDir
    static Path data;

    private static QuickDisk broker;

    @BeforeAll
    static void start() throws Exception {
        broker = new QuickDisk(data);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static KafkaSettings written(String groupProtocol) throws Exception {
        KafkaSettings kafka = broker.fleet(groupProtocol);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < RECORDS * QuickDisk.PARTITIONS; i++) {
            int partition = i % QuickDisk.PARTITIONS;
            records.add(new ProducerRecord<>(
                    kafka.topics().chunks(Topics.DEFAULT_POOL), partition, null, new byte[] {(byte) i}));
        }
        Raw.write(kafka, records);
        return kafka;
    }

    private static String own(KafkaSettings kafka) {
        return kafka.topics().workerGroup(Topics.DEFAULT_POOL);
    }

    private static String other(KafkaSettings kafka) {
        return OTHER + kafka.topics().prefix();
    }

    private static Purge purge(KafkaSettings kafka) {
        return new Purge(kafka, "purge", own(kafka), SOON);
    }

    /** Says that a partition is safe up to an offset. */
    private static void safe(Purge purge, KafkaSettings kafka, int partition, long offset) {
        purge.upTo(Map.of(QuickDisk.chunks(kafka, partition), offset));
    }

    private static void untilLogsBegin(KafkaSettings kafka, Long... at) {
        await().atMost(Fleet.LONG)
                .untilAsserted(() -> assertThat(QuickDisk.begins(kafka)).containsExactly(at));
    }

    @Test
    void recordsBelowTheSafeOffsetAreDeletedAndThoseAboveAreNot() throws Exception {
        KafkaSettings kafka = written("consumer");
        QuickDisk.commit(kafka, own(kafka), RECORDS, RECORDS);
        try (Purge purge = purge(kafka)) {
            purge.upTo(Map.of(QuickDisk.chunks(kafka, 0), 7L, QuickDisk.chunks(kafka, 1), 20L));
            untilLogsBegin(kafka, 7L, 20L);
            safe(purge, kafka, 0, 3);
            safe(purge, kafka, 0, 9);
            untilLogsBegin(kafka, 9L, 20L);
        }
        assertThat(Raw.read(kafka, kafka.topics().chunks(Topics.DEFAULT_POOL)))
                .hasSize(RECORDS - 9)
                .allMatch(record -> record.partition() == 0 && record.offset() >= 9);
    }

    @Test
    void anotherGroupHoldsThePurgeAtItsOffsetWhetherItHasMembersOrNotAndWhenItMovesOnThePurgeFollows()
            throws Exception {
        KafkaSettings kafka = written("consumer");
        QuickDisk.commit(kafka, own(kafka), RECORDS, RECORDS);
        QuickDisk.commit(kafka, other(kafka), 5);
        try (Purge purge = purge(kafka)) {
            purge.upTo(Map.of(QuickDisk.chunks(kafka, 0), 20L, QuickDisk.chunks(kafka, 1), 10L));
            untilLogsBegin(kafka, 5L, 10L);
            safe(purge, kafka, 1, 20);
            untilLogsBegin(kafka, 5L, 20L);

            QuickDisk.commit(kafka, other(kafka), 9);
            untilLogsBegin(kafka, 9L, 20L);

            try (Admin admin = Admin.create(kafka.admin("test"))) {
                admin.deleteConsumerGroups(List.of(other(kafka))).all().get();
            }
            untilLogsBegin(kafka, 20L, 20L);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"consumer", "classic"})
    void aGroupWhoseMembersHaveCommittedNothingYetHoldsAll(String groupProtocol) throws Exception {
        KafkaSettings kafka = written(groupProtocol);
        QuickDisk.commit(kafka, own(kafka), RECORDS, RECORDS);
        try (KafkaConsumer<byte[], byte[]> member = new KafkaConsumer<>(kafka.consumer("other", other(kafka)));
                Purge purge = purge(kafka)) {
            member.subscribe(Set.of(kafka.topics().chunks(Topics.DEFAULT_POOL)));
            untilPolled(member, () -> member.assignment().size() == QuickDisk.PARTITIONS);
            member.commitSync(Map.of(QuickDisk.chunks(kafka, 1), new OffsetAndMetadata(11)));

            purge.upTo(Map.of(QuickDisk.chunks(kafka, 0), 20L, QuickDisk.chunks(kafka, 1), 10L));
            untilLogsBegin(kafka, 0L, 10L);
            safe(purge, kafka, 1, 20);
            untilLogsBegin(kafka, 0L, 11L);

            member.commitSync(Map.of(QuickDisk.chunks(kafka, 0), new OffsetAndMetadata(7)));
            untilLogsBegin(kafka, 7L, 11L);
        }
    }

    private static void untilPolled(KafkaConsumer<byte[], byte[]> member, Callable<Boolean> done) {
        await().atMost(Fleet.LONG).until(() -> {
            member.poll(Duration.ofMillis(10));
            return done.call();
        });
    }

    @Test
    void aShareGroupHoldsWhatItHasBegunWithUntilItIsDeleted() throws Exception {
        KafkaSettings kafka = written("consumer");
        QuickDisk.commit(kafka, own(kafka), RECORDS, RECORDS);
        QuickDisk.sharesFromTheBeginning(kafka, other(kafka));
        try (Heard log = new Heard();
                Admin admin = Admin.create(kafka.admin("test"));
                Purge purge = purge(kafka)) {
            begin(kafka);
            purge.upTo(Map.of(QuickDisk.chunks(kafka, 0), 20L, QuickDisk.chunks(kafka, 1), 20L));
            await().atMost(Fleet.LONG).until(() -> !log.said(Level.INFO).isEmpty());
            assertThat(QuickDisk.begins(kafka)).containsExactly(0L, 0L);

            admin.deleteShareGroups(List.of(other(kafka))).all().get();
            untilLogsBegin(kafka, 20L, 20L);
            assertThat(log.said(Level.INFO)).first().asString().contains("holds the purge back");
        } finally {
            withoutShareGroup(kafka); // whatever became of it: all tests here share a broker
        }
    }

    private static void withoutShareGroup(KafkaSettings kafka) throws InterruptedException {
        try (Admin admin = Admin.create(kafka.admin("test"))) {
            admin.deleteShareGroups(List.of(other(kafka))).all().get();
        } catch (ExecutionException e) {
            // it is gone
        }
    }

    /** A member of a share group sees records of both partitions, takes none, and leaves. */
    private static void begin(KafkaSettings kafka) {
        Set<Integer> seen = new HashSet<>();
        try (KafkaShareConsumer<byte[], byte[]> member = new KafkaShareConsumer<>(share(kafka))) {
            member.subscribe(Set.of(kafka.topics().chunks(Topics.DEFAULT_POOL)));
            await().atMost(Fleet.LONG).until(() -> {
                member.poll(Duration.ofMillis(50)).forEach(record -> {
                    seen.add(record.partition());
                    member.acknowledge(record, AcknowledgeType.RELEASE);
                });
                return seen.size() == QuickDisk.PARTITIONS;
            });
        }
    }

    private static Properties share(KafkaSettings kafka) {
        Properties client = kafka.consumer("other", "");
        client.keySet()
                .removeAll(Set.of(
                        "auto.offset.reset",
                        "enable.auto.commit",
                        "isolation.level",
                        "group.protocol",
                        "allow.auto.create.topics"));
        client.put("group.id", other(kafka));
        client.put("share.acknowledgement.mode", "explicit");
        return client;
    }

    @Test
    void nothingIsDeletedThatTheOwnGroupHasNotCommitted() throws Exception {
        KafkaSettings kafka = written("consumer");
        try (Purge purge = purge(kafka)) {
            purge.upTo(Map.of(QuickDisk.chunks(kafka, 0), 20L, QuickDisk.chunks(kafka, 1), 20L));
            QuickDisk.commit(kafka, own(kafka), 6);
            untilLogsBegin(kafka, 6L, 0L);
            QuickDisk.commit(kafka, own(kafka), 8, 4);
            untilLogsBegin(kafka, 8L, 4L);
        }
    }

    @Test
    void aPartitionThatIsForgottenIsLeftAlone() throws Exception {
        KafkaSettings kafka = written("consumer");
        try (Purge purge = purge(kafka)) {
            purge.upTo(Map.of(QuickDisk.chunks(kafka, 0), 20L, QuickDisk.chunks(kafka, 1), 20L));
            purge.forget(Set.of(QuickDisk.chunks(kafka, 0)));
            QuickDisk.commit(kafka, own(kafka), RECORDS, RECORDS);
            untilLogsBegin(kafka, 0L, 20L);
        }
    }

    /** What is denied to whoever purges. */
    enum Denied {
        THE_LIST_OF_GROUPS,
        ANOTHER_GROUP,
        THE_DELETION;

        private AclBinding denial(KafkaSettings kafka) {
            return switch (this) {
                case THE_LIST_OF_GROUPS -> deny(ResourceType.CLUSTER, "kafka-cluster", AclOperation.DESCRIBE);
                case ANOTHER_GROUP -> deny(ResourceType.GROUP, other(kafka), AclOperation.DESCRIBE);
                case THE_DELETION ->
                    deny(ResourceType.TOPIC, kafka.topics().chunks(Topics.DEFAULT_POOL), AclOperation.DELETE);
            };
        }

        private static AclBinding deny(ResourceType type, String name, AclOperation operation) {
            return binding(type, name, operation, AclPermissionType.DENY);
        }
    }

    private static AclBinding binding(
            ResourceType type, String name, AclOperation operation, AclPermissionType permission) {
        return new AclBinding(
                new ResourcePattern(type, name, PatternType.LITERAL),
                new AccessControlEntry("User:ANONYMOUS", "*", operation, permission));
    }

    static Stream<Denied> denied() {
        return Stream.of(Denied.values());
    }

    @ParameterizedTest
    @MethodSource("denied")
    void whoMayNotSeeAllGroupsOrNotDeleteDeletesNothingAndSaysSoOnce(Denied denied) throws Exception {
        KafkaSettings kafka = written("consumer");
        QuickDisk.commit(kafka, own(kafka), RECORDS, RECORDS);
        QuickDisk.commit(kafka, other(kafka), RECORDS, 15);
        AclBinding denial = denied.denial(kafka);
        AclBinding rest = binding(
                denial.pattern().resourceType(), denial.pattern().name(), AclOperation.ALL, AclPermissionType.ALLOW);
        try (Heard log = new Heard();
                Admin admin = Admin.create(kafka.admin("test"))) {
            try {
                deny(admin, rest, denial);
                try (Purge purge = purge(kafka)) {
                    safe(purge, kafka, 0, 10);
                    await().atMost(Fleet.LONG).until(() -> !log.said(Level.WARN).isEmpty());
                    assertThat(QuickDisk.begins(kafka)).containsExactly(0L, 0L);

                    allow(admin, denial, rest);
                    untilLogsBegin(kafka, 10L, 0L);
                }
            } finally {
                allow(admin, denial, rest); // whatever became of it: all tests here share a broker
            }
            assertThat(log.said(Level.WARN))
                    .singleElement()
                    .asString()
                    .contains("nothing is purged", " is missing: grant it");
        }
    }

    /** Returns when the broker goes by them, which it does a little after it has taken them. */
    private static void deny(Admin admin, AclBinding... rules) throws Exception {
        admin.createAcls(List.of(rules)).all().get();
        await().atMost(Fleet.LONG).until(() -> goesBy(admin, List.of(rules)));
    }

    private static boolean goesBy(Admin admin, List<AclBinding> rules) throws Exception {
        try {
            return admin.describeAcls(AclBindingFilter.ANY).values().get().containsAll(rules);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ClusterAuthorizationException) {
                return true; // they deny this question, too
            }
            throw e;
        }
    }

    private static void allow(Admin admin, AclBinding... denied) throws Exception {
        admin.deleteAcls(Stream.of(denied).map(AclBinding::toFilter).toList())
                .all()
                .get();
    }

    /** What purges log. */
    private static final class Heard implements AutoCloseable {
        private final Logger logger = (Logger) LoggerFactory.getLogger(Purge.class);
        private final ListAppender<ILoggingEvent> log = new ListAppender<>();

        Heard() {
            log.start();
            logger.addAppender(log);
            logger.setLevel(Level.INFO); // commands that ran in this JVM before may have switched logging off
        }

        List<String> said(Level level) {
            return List.copyOf(log.list).stream()
                    .filter(event -> event.getLevel().equals(level))
                    .map(ILoggingEvent::getFormattedMessage)
                    .toList();
        }

        @Override
        public void close() {
            logger.setLevel(null);
            logger.detachAppender(log);
        }
    }
}
