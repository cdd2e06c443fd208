package io.fanfold.aggregator.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Partitions that wait in front of a record. */
final class HeldTest {
    private static final TopicPartition ONE = new TopicPartition("outcomes", 1);
    private static final TopicPartition TWO = new TopicPartition("outcomes", 2);
    private static final long NOW = -200_000_000;
    private static final long LATER = NOW + 500_000_001;

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final Held held = new Held();

    @BeforeEach
    void assign() {
        consumer.assign(List.of(ONE, TWO));
        consumer.updateBeginningOffsets(Map.of(ONE, 0L, TWO, 0L));
        consumer.seek(ONE, 10);
        consumer.seek(TWO, 10);
    }

    @Test
    void aHeldPartitionStandsInFrontOfItsRecordAndOthersGoOn() {
        held.hold(consumer, ONE, 7, NOW);
        held.release(consumer, NOW + 500_000_000);

        assertThat(consumer.paused()).containsExactly(ONE);
        assertThat(consumer.position(ONE)).isEqualTo(7);
        assertThat(consumer.position(TWO)).isEqualTo(10);
    }

    @Test
    void aHeldPartitionGoesOnAfterAMoment() {
        held.hold(consumer, ONE, 7, NOW);

        held.release(consumer, LATER);

        assertThat(consumer.paused()).isEmpty();
        assertThat(consumer.position(ONE)).isEqualTo(7);
    }

    @Test
    void aPartitionThatIsHeldAgainWaitsAgain() {
        held.hold(consumer, ONE, 7, NOW);
        held.release(consumer, LATER);
        held.hold(consumer, ONE, 7, LATER);

        held.release(consumer, LATER + 1);

        assertThat(consumer.paused()).containsExactly(ONE);
    }

    @Test
    void aPartitionThatIsAnothersNowIsLeftAlone() {
        held.hold(consumer, ONE, 7, NOW);
        held.hold(consumer, TWO, 7, NOW);
        held.forget(ONE);

        held.release(consumer, LATER);

        assertThat(consumer.paused()).containsExactly(ONE);
    }

    @Test
    void aPartitionThatWentAwayUnsaidIsLeftAlone() {
        held.hold(consumer, ONE, 7, NOW);
        consumer.assign(Set.of(TWO));

        held.release(consumer, LATER);

        assertThat(consumer.paused()).containsExactly(ONE);
    }
}
