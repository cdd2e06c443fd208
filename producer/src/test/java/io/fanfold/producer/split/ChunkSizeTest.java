package io.fanfold.producer.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.NpyHeader;
import java.util.OptionalDouble;
import java.util.Random;
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

    private static long chunks(ChunkSize size, NpyHeader array, double nanosPerByte) {
        Plan plan = size.plan(array, 0, ITEM, ROOM, OptionalDouble.of(nanosPerByte));
        return ((Plan.Chunks) plan).chunks();
    }

    @ParameterizedTest
    @CsvSource({
        "10000000, 0, 80", // 80 MB for nothing: by size
        "10000000, 1, 80", // a million bytes in 1 ms
        "10000000, 500, 80", // in half a second: just right
        "10000000, 1000, 160", // in a second: in two
        "10000000, 100000, 16000",
        "10000000, 10000000, 100000", // 800,000 s: no more chunks than are good for anybody
        "1000, 10000000, 167", // 80 s: 6 rows, 480 ms
        "1000, 70000000, 1000", // 560 ms for a row: one in each chunk
        "3, 1e15, 3"
    })
    void whereItIsKnownWhatAByteTakesNoChunkTakesLong(long rows, double nanosPerByte, long expected) {
        assertThat(chunks(AUTOMATIC, doubles(rows), nanosPerByte)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "9, 1", "10, 2", "20, 4", "39, 7", "40, 8", "400, 8"})
    void aSmallArrayIsCutIntoFewerChunksWhereThereIsLittleToDo(double ms, long expected) {
        assertThat(chunks(AUTOMATIC, doubles(1000), ms * 1e6 / 8000)).isEqualTo(expected);
        assertThat(chunks(AUTOMATIC, doubles(3), ms * 1e6 / 24)).isEqualTo(Math.min(3, expected));
    }

    @Test
    void whatWasAskedForIsNotChangedByMeasuredTimes() {
        assertThat(chunks(new ChunkSize.Count(3), doubles(1000), 1e9)).isEqualTo(3);
        assertThat(chunks(new ChunkSize.Bytes(4000), doubles(1000), 1e9)).isEqualTo(2);
    }

    @Test
    void rowsWithoutBytesTakeNoTime() {
        assertThat(chunks(AUTOMATIC, doubles(0, 5), 1e9)).isEqualTo(1);
        assertThat(chunks(AUTOMATIC, doubles(5, 0), 1e9)).isEqualTo(1);
    }

    @Test
    void aPlanByTimeCoversAllRowsAndKeepsToEveryLimit() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            long rows = (long) Math.pow(10, random.nextDouble(0, 7));
            long width = (long) Math.pow(10, random.nextDouble(0, 5));
            double nanosPerByte = Math.pow(10, random.nextDouble(-4, 9));
            checkPlan("seed " + seed + ", round " + i, rows, width, nanosPerByte);
        }
    }

    private static void checkPlan(String round, long rows, long width, double nanosPerByte) {
        NpyHeader array = doubles(rows, width);
        Plan timed = AUTOMATIC.plan(array, 0, ITEM, ROOM, OptionalDouble.of(nanosPerByte));
        Plan sized = AUTOMATIC.plan(array, 0, ITEM, ROOM);
        long chunks = timed.count(rows);
        Plan.Range last = timed.range(chunks - 1, rows);
        long longest = timed.range(0, rows).length();
        double longestNanos = longest * width * ITEM * nanosPerByte;

        assertThat(timed.range(0, rows).start()).as(round).isZero();
        assertThat(last.start() + last.length()).as(round).isEqualTo(rows);
        assertThat(last.length()).as(round).isPositive();
        assertThat(longest * width * ITEM)
                .as(round)
                .isLessThanOrEqualTo(Math.max(ChunkSize.TARGET_BYTES, width * ITEM));
        if (longest > 1 && chunks < ChunkSize.MOST_BY_TIME) {
            assertThat(longestNanos).as(round).isLessThanOrEqualTo(ChunkSize.LONGEST_NANOS * (1 + 1e-9));
        }
        if (chunks > sized.count(rows)) { // finer for the sake of time only as far as time asks for it
            assertThat(chunks).as(round).isLessThanOrEqualTo(ChunkSize.MOST_BY_TIME);
            assertThat((longest + 1) * width * ITEM * nanosPerByte)
                    .as(round)
                    .isGreaterThan(ChunkSize.LONGEST_NANOS / 2.0);
        }
    }

    @Test
    void theDearerAByteTheFinerAnArrayIsCut() {
        long before = 0;
        for (double nanosPerByte = 1e-3; nanosPerByte < 1e9; nanosPerByte *= 1.5) {
            long chunks = chunks(AUTOMATIC, doubles(123_456), nanosPerByte);
            assertThat(chunks).isGreaterThanOrEqualTo(before);
            before = chunks;
        }
        assertThat(before).isEqualTo(ChunkSize.MOST_BY_TIME);
    }
}
