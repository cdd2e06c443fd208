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

    private boolean news(Optional<String> waiting) {
        return pace.news(SPEC, assembly, waiting);
    }

    @Test
    void aReportIsDueWhenTheLastOneWasLongEnoughAgo() {
        assertThat(pace.due(start + SECOND - 1, SECOND)).isFalse();
        assertThat(pace.due(start + SECOND, SECOND)).isTrue();
        left(1);
        assertThat(pace.due(start + 2 * SECOND - 1, SECOND)).isFalse();
        assertThat(pace.due(start + 2 * SECOND, SECOND)).isTrue();
    }

    @Test
    void newsIsWhatTheLastReportDidNotSay() {
        assertThat(news(Optional.empty())).isTrue();
        left(1);
        assertThat(news(Optional.empty())).isFalse();
        assertThat(news(Optional.of("disk"))).isTrue();
        done(0, 1);
        assertThat(news(Optional.empty())).isTrue();
    }

    @Test
    void ofAStreamTheNumbersAreNotKnownBeforeItIsSealedAndThatItIsSealedIsNews() {
        JobRecord.Spec sealed = SampleJobs.of(
                SampleJobs.ID, Fold.CONCAT, new ErrorPolicy.KeepGoing(9), Shape.of(7), Order.C, new Plan.Rows(0, 2));
        JobRecord.Spec open = SampleJobs.stream(sealed);
        Assembly stream = new Assembly(open);
        stream.fail(2);
        pace.progress(open, stream, Optional.empty(), start);
        stream.fail(0);

        var before = pace.progress(open, stream, Optional.empty(), start + SECOND);
        stream.seal(sealed);

        assertThat(before.done()).isEqualTo(2);
        assertThat(before.rowsDone()).isEqualTo(4);
        assertThat(before.doneBelow()).isEqualTo(1);
        assertThat(before.count()).isEmpty();
        assertThat(before.rows()).isEmpty();
        assertThat(before.millisLeft()).isEmpty();
        assertThat(pace.news(sealed, stream, Optional.empty())).isTrue();
        var after = pace.progress(sealed, stream, Optional.empty(), start + 2 * SECOND);
        assertThat(after.count()).hasValue(4);
        assertThat(after.rows()).hasValue(7);
        assertThat(after.millisLeft()).isPresent();
        assertThat(pace.news(sealed, stream, Optional.empty())).isFalse();
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
