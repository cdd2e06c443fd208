package io.fanfold.aggregator.assemble;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.aggregator.SampleJobs;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.NpyHeader;
import io.fanfold.protocol.wire.ErrorPolicy;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.JobRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an outcome of a stream means, whose length is known only when it is sealed. Chunks are of 4 rows of 3 int32. */
final class StreamAssemblyTest {
    private static final long ROW_BYTES = 12;

    private static JobRecord.Spec spec(long rows) {
        return SampleJobs.of(
                SampleJobs.ID,
                Fold.CONCAT,
                new ErrorPolicy.KeepGoing(100),
                Shape.of(rows, 3),
                Order.C,
                new Plan.Rows(0, 4));
    }

    private final Assembly stream = new Assembly(SampleJobs.stream(spec(0)));

    private Verdict accept(long index, long rows) {
        NpyHeader header = new NpyHeader(DType.parse("<i4"), Shape.of(rows, 3), Order.C);
        Arrival what = new Arrival(header, header.dataBytes(), rows, true);
        Verdict verdict = stream.judge(index, what);
        if (verdict instanceof Verdict.Place place) {
            stream.arrive(index, what, place);
        }
        return verdict;
    }

    private static Verdict at(long row) {
        return new Verdict.Place(row * ROW_BYTES, false);
    }

    private static Verdict listed(long row) {
        return new Verdict.Place(row * ROW_BYTES, true);
    }

    @Test
    void chunksGoWhereTheirRowsAreHoweverLongItWillBe() {
        assertThat(accept(2, 4)).isEqualTo(at(8));
        assertThat(accept(0, 4)).isEqualTo(at(0));
        assertThat(stream.end()).isEqualTo(12 * ROW_BYTES);
        assertThat(stream.rowsDone()).isEqualTo(8);
        assertThat(stream.doneBelow()).isEqualTo(1);
        assertThat(stream.missing()).containsExactly(1L);
    }

    @Test
    void itIsNotCompleteBeforeItIsSealedAndThenWithItsLastChunk() {
        accept(0, 4);
        accept(2, 1);
        assertThat(stream.complete()).isFalse();

        stream.seal(spec(9));
        assertThat(stream.complete()).isFalse();
        assertThat(stream.count()).isEqualTo(3);
        assertThat(stream.rowsDone()).isEqualTo(5);

        assertThat(accept(1, 4)).isEqualTo(at(4));
        assertThat(stream.complete()).isTrue();
        assertThat(stream.layout().contiguous()).isTrue();
        assertThat(stream.layout().header().shape()).isEqualTo(Shape.of(9, 3));
    }

    @Test
    void theSealMayCompleteIt() {
        accept(1, 2);
        accept(0, 4);

        stream.seal(spec(6));

        assertThat(stream.complete()).isTrue();
        assertThat(stream.misplaced()).isFalse();
        assertThat(stream.end()).isEqualTo(6 * ROW_BYTES);
    }

    @Test
    void anEmptyStreamIsOneChunkWithoutRows() {
        assertThat(accept(0, 0)).isEqualTo(at(0));

        stream.seal(spec(0));

        assertThat(stream.complete()).isTrue();
        assertThat(stream.misplaced()).isFalse();
        assertThat(stream.layout().header().shape()).isEqualTo(Shape.of(0, 3));
    }

    @Test
    void aShortChunkBelowAnotherIsRagged() {
        accept(3, 4);

        assertThat(accept(1, 2)).isEqualTo(listed(16));
        assertThat(stream.listed()).isTrue();
    }

    @Test
    void aChunkBehindAShortOneMakesThatRagged() throws Exception {
        accept(0, 4);
        accept(1, 2);
        Places lie = stream.aligned();

        assertThat(lie.count()).isEqualTo(2);
        assertThat(lie.of(0)).isEqualTo(new Places.Place(0, 4 * ROW_BYTES, 4));
        assertThat(lie.of(1)).isEqualTo(new Places.Place(4 * ROW_BYTES, 2 * ROW_BYTES, 2));
        assertThat(accept(2, 4)).isEqualTo(listed(6));
    }

    @Test
    void aChunkBelowAShortOneIsAlignedStill() {
        accept(5, 3);

        assertThat(accept(4, 4)).isEqualTo(at(16));
    }

    @Test
    void aChunkWithMoreRowsThanThePlanHasIsRagged() {
        assertThat(accept(0, 5)).isEqualTo(listed(0));
    }

    @ParameterizedTest
    @CsvSource({"11, 3", "12, 2", "10, 4", "9, 2", "13, 3"})
    void theLastThatArrivedLiesElsewhereThanItsPlaceIfItIsNotTheLastOrNotSoLong(long sealed, long answered)
            throws Exception {
        accept(0, 4);
        accept(2, answered);
        boolean fits = sealed - 8 == answered;

        stream.seal(spec(sealed));

        assertThat(stream.misplaced()).isNotEqualTo(fits);
        if (!fits) {
            assertThat(stream.aligned().of(2))
                    .isEqualTo(new Places.Place(8 * ROW_BYTES, answered * ROW_BYTES, answered));
            stream.list();
            assertThat(stream.misplaced()).isFalse();
            assertThat(accept(1, 4)).isEqualTo(listed(8 + answered));
            assertThat(stream.layout().header().shape()).isEqualTo(Shape.of(8 + answered, 3));
        }
    }

    @Test
    void whatWasKnownBeforeTheSealIsTakenUpBehindIt() {
        accept(0, 4);
        accept(2, 3);
        Snapshot before = stream.snapshot();

        assertThat(new Assembly(spec(11), before).misplaced()).isFalse();
        assertThat(new Assembly(spec(11), before).end()).isEqualTo(11 * ROW_BYTES);
        assertThat(new Assembly(spec(12), before).misplaced()).isTrue();
        assertThat(new Assembly(SampleJobs.stream(spec(0)), before).snapshot())
                .usingRecursiveComparison()
                .isEqualTo(before);
    }

    @Test
    void chunksBehindItsEndContradictTheSealWhetherTheyArrivedOrFailed() {
        accept(0, 4);
        stream.fail(2);
        accept(1, 4);

        assertThat(Assembly.contradicts(spec(12), stream.snapshot())).isFalse();
        assertThat(Assembly.contradicts(spec(8), stream.snapshot())).isTrue();
        assertThat(Assembly.contradicts(spec(4), stream.snapshot())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {Plan.MOST_CHUNKS, 1L << 32, Long.MAX_VALUE})
    void anIndexThatNoJobHasIsDropped(long index) {
        assertThat(accept(index, 4)).isInstanceOf(Verdict.Drop.class);
        assertThat(stream.fail(index)).isInstanceOf(Verdict.Drop.class);
        assertThat(stream.arrived(index)).isFalse();
        assertThat(stream.failed(index)).isFalse();
    }

    @Test
    void theHighestIndexThatAJobMayHaveIsTaken() {
        assertThat(accept(Plan.MOST_CHUNKS - 1, 4)).isEqualTo(at((Plan.MOST_CHUNKS - 1) * 4));
    }

    @Test
    void failedChunksCountAndAreZerosWhereTheOthersKeptTheirRows() {
        accept(1, 4);
        stream.fail(2);
        stream.fail(0);

        stream.seal(spec(9));

        assertThat(stream.complete()).isTrue();
        assertThat(stream.misplaced()).isFalse();
        assertThat(stream.rowsDone()).isEqualTo(9);
        assertThat(stream.end()).isEqualTo(9 * ROW_BYTES);
    }

    @Test
    void theHeaderInFrontTakesAsMuchRoomAsThatOfTheResult() {
        NpyHeader header = new NpyHeader(DType.parse("<i4"), Shape.of(4, 3), Order.C);
        Arrival first = new Arrival(header, header.dataBytes(), 4, true);
        int room = stream.inFront(first, (Verdict.Place) at(0)).orElseThrow().encode().length;
        accept(0, 4);

        for (long rows : new long[] {4, 3_000_000, 4 * Plan.MOST_CHUNKS}) {
            Assembly sealed = new Assembly(spec(rows), stream.snapshot());
            assertThat(sealed.layout().header().encode()).hasSize(room);
        }
    }
}
