package io.fanfold.producer.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.producer.client.JobReport;
import io.fanfold.protocol.wire.JobState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** For how long a pool has got no outcome. */
final class StillnessTest {
    private static final JobReport JOB = Reports.job("a", "default");

    private final Stillness stillness = new Stillness();

    @Test
    void aPoolIsStillFromWhenAChunkWantsAnOutcomeUntilOneGetsOne() {
        assertThat(look(10)).isEmpty();
        assertThat(look(20, JOB)).isEqualTo(Map.of("default", 0L));
        assertThat(look(50, JOB)).isEqualTo(Map.of("default", 30L));
        assertThat(look(60, done(1))).isEqualTo(Map.of("default", 0L));
        assertThat(look(90, done(1))).isEqualTo(Map.of("default", 30L));
        assertThat(look(95)).isEmpty();
    }

    @Test
    void newJobsAreNoOutcomes() {
        boolean _ = look(10, JOB).isEmpty();

        assertThat(look(50, JOB, Reports.job("b", "default"))).isEqualTo(Map.of("default", 40L));
        assertThat(look(60, JOB, Reports.job("c", "default"), Reports.job("d", "gpu")))
                .isEqualTo(Map.of("default", 50L, "gpu", 0L));
    }

    @Test
    void jobsThatEndByTheirOutcomesAreSome() {
        for (JobState.End end : List.of(JobState.End.COMPLETED, JobState.End.FAILED)) {
            assertThat(afterTheEnd(end)).as("%s", end).isEqualTo(Map.of("default", 0L));
        }
        for (JobState.End end : List.of(JobState.End.CANCELLED, JobState.End.EXPIRED)) {
            assertThat(afterTheEnd(end)).as("%s", end).isEqualTo(Map.of("default", 40L));
        }
    }

    private static Map<String, Long> afterTheEnd(JobState.End end) {
        Stillness stillness = new Stillness();
        JobReport other = Reports.job("b", "default");
        boolean _ = stillness.look(List.of(JOB, other), List.of(), 10).isEmpty();
        assertThat(stillness.open()).containsExactlyInAnyOrder(JOB.job(), other.job());
        return stillness.look(List.of(JOB), List.of(Reports.ended(other, end)), 50);
    }

    @Test
    void aStreamMovesAndOwesNothingThatIsKnown() {
        JobReport stream = Reports.stream("s", "default");
        assertThat(look(10, stream)).isEmpty();
        assertThat(look(20, stream, JOB)).isEqualTo(Map.of("default", 0L));
        assertThat(look(50, Reports.running(stream, 3, Optional.empty()), JOB)).isEqualTo(Map.of("default", 0L));
        assertThat(look(70, Reports.running(stream, 3, Optional.empty()), JOB)).isEqualTo(Map.of("default", 20L));
    }

    @Test
    void aJobWhoseOutcomesAreAllThereOwesNone() {
        assertThat(look(10, done(10))).isEmpty();
    }

    private static JobReport done(long chunks) {
        return Reports.running(JOB, chunks, Optional.empty());
    }

    private Map<String, Long> look(long now, JobReport... open) {
        return stillness.look(List.of(open), List.of(), now);
    }
}
