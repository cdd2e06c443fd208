package io.fanfold.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.cli.Main;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.TestBroker;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

/** Strimzi's operator makes the topics that {@code topics create} makes. */
final class StrimziTopicsIT {
    private static final int REPLICAS = 3;

    /** What can be said of a topic. */
    private record Topic(int partitions, Map<String, String> config) {}

    @Test
    void topicsAreThoseOfTopicsCreate() throws Exception {
        assertThat(ofManifests()).isEqualTo(ofCommand());
    }

    private static Map<String, Topic> ofManifests() throws Exception {
        Map<String, Topic> topics = new TreeMap<>();
        List<Manifest> manifests = new ArrayList<>();
        for (String component : List.of("strimzi", "strimzi-python")) {
            manifests.addAll(Manifest.parse(
                    Files.readString(Rendering.ROOT.resolve("components/" + component + "/topics.yaml"))));
        }
        for (Manifest manifest : manifests) {
            assertThat(manifest.at("/spec/replicas").asInt()).isEqualTo(REPLICAS);
            topics.put(
                    manifest.name(),
                    new Topic(
                            manifest.at("/spec/partitions").asInt(),
                            new TreeMap<>(Manifest.texts(manifest.at("/spec/config")))));
        }
        return topics;
    }

    private static Map<String, Topic> ofCommand() throws Exception {
        KafkaSettings kafka = TestBroker.of(BrokerKind.IN_JVM).untouchedFleet();
        String prefix = kafka.topics().prefix();
        assertThat(Main.commandLine()
                        .execute(
                                "topics",
                                "create",
                                "--bootstrap-server",
                                kafka.bootstrapServers(),
                                "--topic-prefix",
                                prefix,
                                "--pool",
                                "default",
                                "--pool",
                                "python"))
                .isZero();
        Map<String, Topic> topics = new TreeMap<>();
        try (Admin admin = Admin.create(kafka.admin("strimzi-topics"))) {
            List<String> names = new ArrayList<>(admin.listTopics().names().get());
            names.removeIf(name -> !name.startsWith(prefix + "."));
            for (TopicDescription made :
                    admin.describeTopics(names).allTopicNames().get().values()) {
                topics.put(
                        "fanfold" + made.name().substring(prefix.length()),
                        new Topic(made.partitions().size(), config(admin, made.name())));
            }
        }
        return topics;
    }

    /** What the topic was told, and what it would have been told in a cluster of three. */
    private static Map<String, String> config(Admin admin, String topic) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config all = admin.describeConfigs(List.of(resource)).all().get().get(resource);
        Map<String, String> told = new TreeMap<>();
        all.entries().stream()
                .filter(entry -> entry.source() == ConfigSource.DYNAMIC_TOPIC_CONFIG)
                .forEach(entry -> told.put(entry.name(), entry.value()));
        told.put("min.insync.replicas", "2");
        return told;
    }
}
