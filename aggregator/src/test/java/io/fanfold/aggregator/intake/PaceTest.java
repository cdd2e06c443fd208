package io.fanfold.aggregator.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.aggregator.SampleJobs;
import io.fanfold.aggregator.assemble.Assembly;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.wire.ErrorPolicy;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.JobRecord;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** How fast a job comes along, and when that is said. */
final class PaceTest {
    private static final long SECOND = 1_000_000_000L;
    private static final JobRecord.Spec SPEC = SampleJobs.of(
            SampleJobs.ID,
            Fold.CONCAT,
            new ErrorPolicy.KeepGoing(1000),
            Shape.of(1000),
            Order.C,
            new Plan.Chunks(0, 1000));

    private final Assembly assembly = new Assembly(SPEC);
    /** Below zero, as the clock may be: only differences of its numbers mean something. */
    private final long start = -3 * SECOND;

    private final Pace pace = new Pace(start);

    private OptionalLong left(long seconds) {
        return pace.progress(SPEC, assembly, Optional.empty(), start + seconds * SECOND)
                .millisLeft();
    }

    private void done(int from, int to) {
        for (int chunk = from; chunk < to; chunk++) {
            assembly.fail(chunk);
        }
    }

    @Test
    void theTimeLeftIsNotKnownBeforeTwoReports() {
        done(0, 100);

        assertThat(left(10)).isEmpty();
    }

    @Test
    void theTimeLeftFollowsFromTheSpeedSinceTheFirstReport() {
        left(10);
        done(0, 100);

        assertThat(left(20)).hasValue(90_000);
    }

    @Test
    void halfOfTheSpeedIsThatOfTheLastTenSeconds() {
        left(0);
        done(0, 100);
        left(10);
        done(100, 400);

        assertThat(left(20)).hasValue(30_000); // 600 chunks, 10 a second before and 30 now
    }

    @Test
    void nothingIsLeftOfAJobWhoseChunksAreAllDone() {
        done(0, 1000);

        assertThat(left(0)).hasValue(0);
    }

    @Test
    void aJobThatStandsStillIsNotSaidToEndSoon() {
        left(0);
        done(0, 500);
        long soon = left(10).orElseThrow();

        assertThat(left(1000).orElseThrow()).isGreaterThan(soon * 1000);
    }

    @Test
    void aReportThatSaysNothingNewOrComesTooSoonIsNotDue() {
        assertThat(pace.due(0, Optional.empty(), start + SECOND - 1, SECOND)).isFalse();
        assertThat(pace.due(0, Optional.empty(), start + SECOND, SECOND)).isTrue();
        left(1);
        assertThat(pace.due(0, Optional.empty(), start + 9 * SECOND, SECOND)).isFalse();
        assertThat(pace.due(1, Optional.empty(), start + 2 * SECOND - 1, SECOND))
                .isFalse();
        assertThat(pace.due(1, Optional.empty(), start + 2 * SECOND, SECOND)).isTrue();
        assertThat(pace.due(0, Optional.of("disk"), start + 2 * SECOND, SECOND)).isTrue();
    }

    @Test
    void aReportCountsChunksAndRowsAndFailures() {
        done(0, 7);

        var progress = pace.progress(SPEC, assembly, Optional.of("disk"), start);

        assertThat(progress.done()).isEqualTo(7);
        assertThat(progress.count()).hasValue(1000);
        assertThat(progress.failed()).isEqualTo(7);
        assertThat(progress.waiting()).contains("disk");
    }
}
