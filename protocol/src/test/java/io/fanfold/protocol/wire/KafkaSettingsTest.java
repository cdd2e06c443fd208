package io.fanfold.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fanfold.protocol.InvalidRequestException;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the members of a group are told to form it. */
final class KafkaSettingsTest {
    private static KafkaSettings settings(Map<String, String> overrides) {
        return new KafkaSettings("localhost:1", Topics.DEFAULT, KafkaSettings.MAX_MESSAGE_BYTES, overrides);
    }

    @Test
    void aMemberFormsItsGroupByTheNewProtocolUnlessToldOtherwise() {
        Properties member = settings(Map.of()).consumer("c", "g");

        assertThat(member).containsEntry("group.protocol", "consumer");
        assertThat(member).doesNotContainKey("partition.assignment.strategy");
        new ConsumerConfig(member); // Kafka's own check
    }

    @Test
    void aMemberOfAClassicGroupGivesUpNoMoreThanWhatMoves() {
        Properties member = settings(Map.of("group.protocol", "classic")).consumer("c", "g");

        assertThat(member)
                .containsEntry("group.protocol", "classic")
                .containsEntry("partition.assignment.strategy", CooperativeStickyAssignor.class.getName());
        new ConsumerConfig(member);
    }

    @Test
    void anAssignorThatIsGivenWins() {
        Properties member = settings(Map.of(
                        "group.protocol", "CLASSIC",
                        "partition.assignment.strategy", "org.apache.kafka.clients.consumer.RangeAssignor",
                        "session.timeout.ms", "6000"))
                .consumer("c", "g");

        assertThat(member)
                .containsEntry("partition.assignment.strategy", "org.apache.kafka.clients.consumer.RangeAssignor");
        new ConsumerConfig(member);
    }

    @ParameterizedTest
    @ValueSource(strings = {"session.timeout.ms", "heartbeat.interval.ms", "partition.assignment.strategy"})
    void whatTheBrokerDecidesIsRefusedWithTheRemedy(String key) {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> settings(Map.of(key, "7")))
                .withMessageContainingAll(key + "=7", "group.protocol=consumer", "group.protocol=classic");
    }

    @Test
    void anAssignorOfTheBrokerDoesNotGoWithAClassicGroup() {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> settings(Map.of("group.protocol", "classic", "group.remote.assignor", "range")))
                .withMessageContaining("group.remote.assignor=range");
    }

    @Test
    void anotherProtocolIsRefused() {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> settings(Map.of("group.protocol", "streams")))
                .withMessage("group.protocol is \"streams\"; it must be consumer or classic");
    }
}
