package io.fanfold.e2e;

import io.fanfold.broker.LocalBroker;
import io.fanfold.protocol.topics.TopicLayout;
import io.fanfold.protocol.topics.TopicSetup;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Topics;
import io.fanfold.testkit.Sessions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;

/** A broker whose log can be looked at, which removes at once what is deleted, in segments of 1 MiB; all is allowed but what is denied. */
final class QuickDisk implements AutoCloseable {
    static final int PARTITIONS = 2;

    static final int SEGMENT_BYTES = 1 << 20;

    /** An admin is as patient as Kafka's own default. */
    private static final Map<String, String> CLIENTS =
            Map.of("default.api.timeout.ms", "60000", "request.timeout.ms", "30000");

    private static final Map<String, String> QUICK = Map.of(
            "log.retention.check.interval.ms", "100",
            "log.initial.task.delay.ms", "0",
            "log.segment.delete.delay.ms", "0",
            "group.share.delivery.count.limit", "10",
            "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "allow.everyone.if.no.acl.found", "true");

    private final Path data;
    private final LocalBroker broker;
    private int fleets;

    QuickDisk(Path data) throws IOException {
        this.data = data;
        this.broker = LocalBroker.start(data, LocalBroker.freePort(), QUICK);
    }

    /** A fleet of its own, whose members join by this protocol and are not killed: two partitions of chunks, one of outcomes. */
    KafkaSettings fleet(String groupProtocol) throws Exception {
        return fleet(groupProtocol, Sessions.LONG);
    }

    /** As {@link #fleet(String)}, for one whose members are killed: soon after, others have their partitions. */
    KafkaSettings mortalFleet(String groupProtocol) throws Exception {
        return fleet(groupProtocol, Sessions.SHORT);
    }

    private KafkaSettings fleet(String groupProtocol, Sessions sessions) throws Exception {
        Map<String, String> overrides = new HashMap<>(CLIENTS);
        if (groupProtocol.equals("classic")) {
            overrides.putAll(sessions.classic());
        }
        KafkaSettings at = KafkaSettings.at(broker.bootstrapServers());
        KafkaSettings kafka = new KafkaSettings(
                at.bootstrapServers(), new Topics("fleet-" + ++fleets), at.maxMessageBytes(), overrides);
        Set<String> pools = Set.of(Topics.DEFAULT_POOL);
        try (TopicSetup topics = new TopicSetup(kafka);
                Admin admin = Admin.create(kafka.admin("test"))) {
            KafkaFuture<Void> set = sessions.set(admin, kafka.topics(), pools);
            topics.create(new TopicLayout(pools, PARTITIONS, 1, 1));
            for (String topic : List.of(
                    kafka.topics().chunks(Topics.DEFAULT_POOL), kafka.topics().outcomes())) {
                set(admin, ConfigResource.Type.TOPIC, topic, new ConfigEntry("segment.bytes", SEGMENT_BYTES + ""));
            }
            set.get();
        }
        return kafka;
    }

    private static void set(Admin admin, ConfigResource.Type type, String name, ConfigEntry entry) throws Exception {
        admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(type, name), List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET))))
                .all()
                .get();
    }

    /** A share group that begins with what is there, and may give a record back often. */
    static void sharesFromTheBeginning(KafkaSettings kafka, String group) throws Exception {
        try (Admin admin = Admin.create(kafka.admin("test"))) {
            set(admin, ConfigResource.Type.GROUP, group, new ConfigEntry("share.auto.offset.reset", "earliest"));
        }
    }

    /** A partition of a fleet's chunks. */
    static TopicPartition chunks(KafkaSettings kafka, int partition) {
        return new TopicPartition(kafka.topics().chunks(Topics.DEFAULT_POOL), partition);
    }

    /** How many segments of each partition of the chunks lie on the disk. */
    List<Long> segments(KafkaSettings kafka) {
        return IntStream.range(0, PARTITIONS)
                .mapToObj(p -> segments(data.resolve(chunks(kafka, p).toString())))
                .toList();
    }

    private static long segments(Path log) {
        try (Stream<Path> files = Files.list(log)) {
            return files.filter(file -> file.toString().contains(".log")).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Bytes of all records of all topics of a fleet, on the disk. */
    long bytes(KafkaSettings kafka) {
        try (Stream<Path> files = Files.walk(data)) {
            return files.filter(file ->
                            file.toString().contains("/" + kafka.topics().prefix() + "."))
                    .filter(file -> file.toString().contains(".log"))
                    .mapToLong(QuickDisk::size)
                    .sum();
        } catch (IOException | UncheckedIOException e) {
            return Long.MAX_VALUE; // a file has just been removed
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the logs of the chunks begin, or end. */
    static List<Long> offsets(KafkaSettings kafka, OffsetSpec which) throws Exception {
        try (Admin admin = Admin.create(kafka.admin("test"))) {
            var asked =
                    IntStream.range(0, PARTITIONS).boxed().collect(Collectors.toMap(p -> chunks(kafka, p), _ -> which));
            var said = new TreeMap<Integer, Long>();
            admin.listOffsets(asked).all().get().forEach((p, info) -> said.put(p.partition(), info.offset()));
            return List.copyOf(said.values());
        }
    }

    static List<Long> begins(KafkaSettings kafka) throws Exception {
        return offsets(kafka, OffsetSpec.earliest());
    }

    /** A group without members commits on partitions 0, 1 and so on. */
    static void commit(KafkaSettings kafka, String group, long... offsets) throws Exception {
        try (Admin admin = Admin.create(kafka.admin("test"))) {
            admin.alterConsumerGroupOffsets(
                            group,
                            IntStream.range(0, offsets.length)
                                    .boxed()
                                    .collect(Collectors.toMap(
                                            p -> chunks(kafka, p), p -> new OffsetAndMetadata(offsets[p]))))
                    .all()
                    .get();
        }
    }

    @Override
    public void close() {
        broker.close();
    }
}
