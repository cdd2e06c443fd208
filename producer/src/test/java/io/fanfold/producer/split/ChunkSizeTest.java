package io.fanfold.producer.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.NpyHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How finely arrays are cut. */
final class ChunkSizeTest {
    private static final ChunkSize AUTOMATIC = new ChunkSize.Automatic();
    private static final int ITEM = 8;
    private static final long ROOM = 16_000_000;

    private static NpyHeader doubles(long... dims) {
        return new NpyHeader(DType.parse("<f8"), Shape.of(dims), Order.C);
    }

    private static long chunks(ChunkSize size, NpyHeader array) {
        return ((Plan.Chunks) size.plan(array, 0, ITEM, ROOM)).chunks();
    }

    @ParameterizedTest
    @CsvSource({"0,1", "1,1", "2,2", "7,7", "8,8", "9,8", "100,8", "1000000,8", "1000001,9", "10000000,80"})
    void aChunkAimsAtAMillionBytesAndASmallArrayAtEightChunks(long rows, long expected) {
        assertThat(chunks(AUTOMATIC, doubles(rows))).isEqualTo(expected);
    }

    @Test
    void noAutomaticChunkIsAboveAMillionBytesUnlessOneRowIs() {
        for (long width : new long[] {1, 7, 999, 124_999, 125_000, 125_001, 400_000}) {
            for (long rows = 1; rows < 5_000_000 / width; rows = rows * 3 + 1) {
                Plan plan = AUTOMATIC.plan(doubles(rows, width), 0, ITEM, ROOM);
                long longest = plan.range(0, rows).length() * width * ITEM;
                assertThat(longest).isLessThanOrEqualTo(Math.max(ChunkSize.TARGET_BYTES, width * ITEM));
            }
        }
    }

    @Test
    void whereTheAnswerIsLargerItSetsTheSize() {
        NpyHeader bytes = new NpyHeader(DType.parse("|u1"), Shape.of(10_000_000), Order.C);

        Plan plan = AUTOMATIC.plan(bytes, 0, 16, ROOM);

        assertThat(plan).isEqualTo(new Plan.Chunks(0, 160));
    }

    @Test
    void anAutomaticChunkFitsInTheRecordsOfABrokerWithSmallOnes() {
        Plan plan = AUTOMATIC.plan(doubles(1_000_000), 0, ITEM, 100_000);

        assertThat(plan.range(0, 1_000_000).length() * ITEM).isBetween(50_000L, 100_000L);
    }

    @Test
    void theAxisMayCountFromTheLast() {
        assertThat(AUTOMATIC.plan(doubles(3, 4, 5), -1, ITEM, ROOM).axis()).isEqualTo(2);
        assertThat(AUTOMATIC.plan(doubles(3, 4, 5), -3, ITEM, ROOM).axis()).isEqualTo(0);
        assertThat(AUTOMATIC.plan(doubles(3, 4, 5), 1, ITEM, ROOM)).isEqualTo(new Plan.Chunks(1, 4));
    }

    @ParameterizedTest
    @ValueSource(ints = {3, -4, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void anAxisThatIsNotThereIsRefusedWithThoseThatAre(int axis) {
        assertThatExceptionOfType(FanfoldException.class)
                .isThrownBy(() -> AUTOMATIC.plan(doubles(3, 4, 5), axis, ITEM, ROOM))
                .withMessageContainingAll("axis " + axis, "(3, 4, 5)", "0 to 2");
    }

    @Test
    void aSingleValueIsRefusedWithTheRemedy() {
        assertThatExceptionOfType(FanfoldException.class)
                .isThrownBy(() -> AUTOMATIC.plan(doubles(), 0, ITEM, ROOM))
                .withMessageContainingAll("0-dimensional", "reshape(1)");
    }

    @ParameterizedTest
    @CsvSource({"1,1", "3,3", "1000,1000"})
    void aCountIsTakenAsItIsEvenBeyondTheRows(int count, long expected) {
        assertThat(chunks(new ChunkSize.Count(count), doubles(10))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void fewerThanOneChunkIsRefused(int count) {
        assertThatExceptionOfType(FanfoldException.class)
                .isThrownBy(() -> chunks(new ChunkSize.Count(count), doubles(10)))
                .withMessageContaining(Integer.toString(count));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1})
    void chunksOfLessThanOneByteAreRefused(long bytes) {
        assertThatExceptionOfType(FanfoldException.class)
                .isThrownBy(() -> chunks(new ChunkSize.Bytes(bytes), doubles(10)))
                .withMessageContaining(Long.toString(bytes));
    }

    @ParameterizedTest
    @CsvSource({"1,10", "8,10", "16,5", "24,4", "80,1", "1000,1"})
    void chunksOfSoManyBytesHaveAtMostThoseButOneRowAtLeast(long bytes, long expected) {
        assertThat(chunks(new ChunkSize.Bytes(bytes), doubles(10))).isEqualTo(expected);
    }

    @Test
    void aRowThatFitsInNoRecordIsRefusedWithTheRemedy() {
        assertThatExceptionOfType(FanfoldException.class)
                .isThrownBy(() -> AUTOMATIC.plan(doubles(2, 1_000_000), 0, ITEM, 4_000_000))
                .withMessageContainingAll("axis 0", "(2, 1000000)", "8000000", "--axis", "--max-message-bytes");
    }

    @Test
    void tooFewChunksAreRefusedWithANumberThatIsEnough() {
        NpyHeader array = doubles(1_000_000);

        assertThatExceptionOfType(FanfoldException.class)
                .isThrownBy(() -> new ChunkSize.Count(2).plan(array, 0, ITEM, 1_000_000))
                .withMessageContaining("--chunks 9")
                .satisfies(_ -> assertThat(new ChunkSize.Count(9).plan(array, 0, ITEM, 1_000_000))
                        .isNotNull());
    }

    @Test
    void arraysWithoutElementsAreCutToo() {
        assertThat(chunks(AUTOMATIC, doubles(0, 5))).isEqualTo(1);
        assertThat(chunks(AUTOMATIC, doubles(5, 0))).isEqualTo(5);
        assertThat(chunks(new ChunkSize.Bytes(100), doubles(0))).isEqualTo(1);
        assertThat(chunks(new ChunkSize.Count(4), doubles(0, 0))).isEqualTo(4);
        NpyHeader noBytes = new NpyHeader(DType.parse("|V0"), Shape.of(100), Order.C);
        assertThat(chunks(AUTOMATIC, noBytes)).isEqualTo(8);
    }

    @Test
    void moreChunksThanAPlanCountsAreRefused() {
        NpyHeader giant = new NpyHeader(DType.parse("|u1"), Shape.of(5_000_000_000L), Order.C);

        assertThatExceptionOfType(FanfoldException.class)
                .isThrownBy(() -> chunks(new ChunkSize.Bytes(1), giant))
                .withMessageContainingAll("5000000000", "--chunk-bytes");
    }
}
