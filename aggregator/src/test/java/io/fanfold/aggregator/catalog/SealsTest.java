package io.fanfold.aggregator.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.aggregator.SampleJobs;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.wire.JobRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a seal says of its job. */
final class SealsTest {
    private static final JobRecord.Spec KNOWN = SampleJobs.concat(Shape.of(10, 3), Order.C, new Plan.Rows(0, 4));
    private static final JobRecord.Spec STREAM = SampleJobs.stream(KNOWN);

    private static JobRecord.Seal seal(long count, long rows) {
        return new JobRecord.Seal(SampleJobs.ID, count, rows);
    }

    @Test
    void aStreamHasTheRowsOfItsSeal() {
        assertThat(Seals.agreed(STREAM, seal(3, 10))).contains(KNOWN);
    }

    @Test
    void anEmptyStreamIsOneChunkWithoutRows() {
        JobRecord.Spec empty = Seals.agreed(STREAM, seal(1, 0)).orElseThrow();

        assertThat(empty.shape()).isEqualTo(Shape.of(0, 3));
        assertThat(empty.count()).hasValue(1);
    }

    @ParameterizedTest
    @CsvSource({"2,10", "4,10", "0,0", "1,5", "3,9223372036854775807", "2305843009213693952,9223372036854775807"})
    void aSealThatThePlanDoesNotCutSoOrThatIsNoArrayContradictsTheSpec(long count, long rows) {
        assertThat(Seals.agreed(STREAM, seal(count, rows))).isEmpty();
    }

    @Test
    void aSealOfAnArrayOfKnownLengthSaysTheSameOrContradictsIt() {
        assertThat(Seals.agreed(KNOWN, seal(3, 10))).contains(KNOWN);
        assertThat(Seals.agreed(KNOWN, seal(3, 11))).isEmpty();
        assertThat(Seals.agreed(KNOWN, seal(2, 10))).isEmpty();
    }

    @Test
    void aStreamCannotBeCutIntoSoManyChunks() {
        JobRecord.Spec even = SampleJobs.stream(SampleJobs.concat(Shape.of(10, 3), Order.C, new Plan.Chunks(0, 4)));

        assertThat(Seals.agreed(even, seal(4, 10))).isEmpty();
    }
}
