package io.fanfold.worker.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.protocol.wire.FunctionProfile;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When a worker says what it has learned. */
final class KnowledgeTest {
    private static final long MS = 1_000_000;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final Knowledge knowledge = new Knowledge(Optional.empty());

    private Optional<FunctionProfile> called(long nowNanos) {
        knowledge.timed(1000, 100 * MS);
        boolean changed = knowledge.learn(profile -> profile.with(100 * MS, 99 * MS));
        return knowledge.news(changed, nowNanos);
    }

    @Test
    void whatIsLearnedAfterTheLastNewsIsToldWithoutAnotherCall() {
        assertThat(called(0)).isPresent();
        assertThat(knowledge.remind()).isFalse();
        for (int i = 1; i <= 3; i++) {
            assertThat(called(i * SECOND)).isEmpty();
            assertThat(knowledge.remind()).isEqualTo(i == 1);
        }

        FunctionProfile rest = knowledge.rest(11 * SECOND).orElseThrow();

        assertThat(rest.samples()).isEqualTo(4);
        assertThat(rest.nanosPerByte()).hasValue(100_000);
        assertThat(knowledge.rest(12 * SECOND)).isEmpty();
    }

    @Test
    void whatHasBeenToldMeanwhileIsNotToldAgain() {
        assertThat(called(0)).isPresent();
        assertThat(called(9 * SECOND)).isEmpty();
        assertThat(knowledge.remind()).isTrue();
        assertThat(called(10 * SECOND)).isPresent();

        assertThat(knowledge.rest(19 * SECOND)).isEmpty();
        assertThat(called(19 * SECOND)).isEmpty();
        assertThat(knowledge.remind()).isTrue();
    }
}
