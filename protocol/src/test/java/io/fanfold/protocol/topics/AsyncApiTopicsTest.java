package io.fanfold.protocol.topics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fanfold.protocol.AsyncApi;
import io.fanfold.protocol.wire.KafkaSettings;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The AsyncAPI document describes the topics that there are, as they are made. */
final class AsyncApiTopicsTest {
    private static final List<TopicLayout.Wanted> WANTED =
            TopicLayout.DEFAULT.wanted(KafkaSettings.at("localhost:9092"));

    private final Map<String, JsonNode> channels = AsyncApi.read().channels();

    AsyncApiTopicsTest() throws IOException {}

    @Test
    void everyTopicIsAChannelAndEveryChannelATopic() {
        assertThat(WANTED.stream().map(TopicLayout.Wanted::name).map(AsyncApiTopicsTest::address))
                .containsExactlyInAnyOrderElementsOf(channels.keySet());
    }

    @Test
    void aChannelSaysHowItsTopicIsMade() {
        for (TopicLayout.Wanted topic : WANTED) {
            JsonNode kafka =
                    channels.get(address(topic.name())).path("bindings").path("kafka");
            JsonNode config = kafka.path("topicConfiguration");

            boolean many = topic.partitions() > 1;
            assertThat(kafka.path("partitions").asInt(0)).as(topic.name()).isEqualTo(many ? 0 : 1);
            assertThat(config.path("cleanup.policy").path(0).asText())
                    .as(topic.name())
                    .isEqualTo(topic.config().getOrDefault("cleanup.policy", "delete"));
            for (String name : List.of("max.message.bytes", "retention.ms")) {
                assertThat(config.path(name).asText())
                        .as("%s of %s", name, topic.name())
                        .isEqualTo(topic.config().getOrDefault(name, ""));
            }
        }
    }

    private static String address(String topic) {
        return topic.replace("chunks.default", "chunks.{pool}");
    }
}
