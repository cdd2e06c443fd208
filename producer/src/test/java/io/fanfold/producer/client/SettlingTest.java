package io.fanfold.producer.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.wire.ErrorPolicy;
import io.fanfold.protocol.wire.Failure;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.protocol.wire.JobHeader;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.Outcome;
import io.fanfold.protocol.wire.Strategy;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Which outcomes of a job of 10 rows in 4 chunks are given, and when. */
final class SettlingTest {
    private static final JobId JOB = new JobId("j");
    private static final ErrorPolicy KEEP_GOING = new ErrorPolicy.KeepGoing(9);
    private static final ErrorPolicy FAIL_FAST = new ErrorPolicy.FailFast();

    private static JobRecord.Spec spec(
            ErrorPolicy errors, OptionalLong rows, Plan plan, Optional<JobRecord.Revision> revision) {
        JobHeader header = new JobHeader(
                JOB,
                FunctionId.parse("f@1"),
                Map.of(),
                Strategy.AUTO,
                Fold.CONCAT,
                errors,
                OptionalLong.empty(),
                OptionalLong.empty(),
                rows,
                0,
                0);
        return new JobRecord.Spec(
                header, "j", "print", "default", DType.parse("<f8"), Shape.of(10), Order.C, plan, revision);
    }

    private static Settling settling(ErrorPolicy errors) {
        OptionalLong rows = OptionalLong.of(10);
        return new Settling(spec(errors, rows, new Plan.Chunks(0, 4), Optional.empty()), () -> rows);
    }

    private static Outcome computed(long index, int value) {
        return new Outcome.Computed(JOB, index, 1, ByteBuffer.wrap(new byte[] {(byte) value}));
    }

    private static Outcome failed(long index) {
        return new Outcome.Failed(JOB, index, 1, new Failure("E", "no luck", "f@1", 0, "w"));
    }

    private static byte value(ChunkOutcome outcome) {
        return ((ChunkOutcome.Computed) outcome).npy().get(0);
    }

    @Test
    void ofEachChunkTheFirstThatWasComputedIsGivenWithItsRows() {
        Settling settling = settling(FAIL_FAST);

        ChunkOutcome first = settling.take(computed(1, 7)).orElseThrow();
        assertThat(value(first)).isEqualTo((byte) 7);
        assertThat(first.index()).isEqualTo(1);
        assertThat(first.start()).isEqualTo(3);
        assertThat(first.rows()).isEqualTo(3);
        assertThat(settling.take(computed(1, 8))).isEmpty();
        assertThat(settling.take(failed(1))).isEmpty();
    }

    @Test
    void whatIsGivenHasMemoryOfItsOwn() {
        byte[] borrowed = {5};
        Outcome outcome = new Outcome.Computed(JOB, 0, 1, ByteBuffer.wrap(borrowed));

        ChunkOutcome given = settling(FAIL_FAST).take(outcome).orElseThrow();
        borrowed[0] = 6;

        assertThat(value(given)).isEqualTo((byte) 5);
    }

    @Test
    void outcomesOfOtherJobsAndOfChunksThatThereAreNotArePassedOver() {
        Settling settling = settling(FAIL_FAST);

        assertThat(settling.take(new Outcome.Computed(new JobId("other"), 0, 1, ByteBuffer.allocate(1))))
                .isEmpty();
        assertThat(settling.take(computed(4, 1))).isEmpty();
        assertThat(settling.take(failed(1L << 40))).isEmpty();
    }

    @Test
    void inAJobThatFailsFastAFailureIsFinalAtOnce() {
        Settling settling = settling(FAIL_FAST);

        assertThat(settling.take(failed(2)))
                .hasValueSatisfying(o -> assertThat(o).isInstanceOf(ChunkOutcome.Failed.class));
        assertThat(settling.take(computed(2, 1))).isEmpty();
        assertThat(settling.end()).isEmpty();
    }

    @Test
    void inAJobThatKeepsGoingWhatIsComputedBeatsAFailureUntilTheEnd() {
        Settling settling = settling(KEEP_GOING);

        assertThat(settling.take(failed(3))).isEmpty();
        assertThat(settling.take(failed(0))).isEmpty();
        assertThat(settling.take(computed(3, 9)))
                .hasValueSatisfying(o -> assertThat(value(o)).isEqualTo((byte) 9));

        List<ChunkOutcome> last = settling.end();
        assertThat(last).singleElement().isInstanceOf(ChunkOutcome.Failed.class);
        assertThat(last.getFirst().index()).isZero();
        assertThat(last.getFirst().rows()).isEqualTo(3);
    }

    @Test
    void aJobIsCompleteOnceEveryChunkWasComputedOrFailed() {
        Settling settling = settling(KEEP_GOING);
        for (int chunk = 0; chunk < 3; chunk++) {
            settling.take(computed(chunk, chunk));
            assertThat(settling.complete()).isFalse();
        }

        settling.take(failed(3));

        assertThat(settling.complete()).isTrue();
    }

    @Test
    void aRevisionIsCompleteWithTheChunksThatItComputes() {
        OptionalLong rows = OptionalLong.of(10);
        var revision = new JobRecord.Revision(JOB, 2, List.of(new JobRecord.Revision.Run(2, 1)));
        Settling settling =
                new Settling(spec(KEEP_GOING, rows, new Plan.Chunks(0, 4), Optional.of(revision)), () -> rows);

        settling.take(computed(2, 1));

        assertThat(settling.complete()).isTrue();
    }

    @Test
    void theRowsOfAnEndlessArrayAreThoseOfItsPlanUntilItsLengthIsKnown() {
        OptionalLong[] rows = {OptionalLong.empty()};
        Settling settling = new Settling(
                spec(FAIL_FAST, OptionalLong.empty(), new Plan.Rows(0, 4), Optional.empty()), () -> rows[0]);

        ChunkOutcome early = settling.take(computed(1, 1)).orElseThrow();
        assertThat(early.start()).isEqualTo(4);
        assertThat(early.rows()).isEqualTo(4);

        rows[0] = OptionalLong.of(10);
        assertThat(settling.take(computed(2, 1)).orElseThrow().rows()).isEqualTo(2);
    }
}
