package io.fanfold.aggregator.assemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.fanfold.aggregator.SampleJobs;
import io.fanfold.protocol.array.ArrayFormatException;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.NpyHeader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an outcome means for its job. */
final class AssemblyTest {
    /** 10 rows of 3 int32 in 4 chunks: 3, 3, 2, 2 rows. */
    private static Assembly tenRows() {
        return new Assembly(SampleJobs.concat(Shape.of(10, 3), Order.C, new Plan.Chunks(0, 4)));
    }

    /** Judges an outcome, and counts it if it has a place. */
    private static Verdict accept(Assembly assembly, long index, NpyHeader outcome) {
        int axis = assembly.axis();
        long rows = outcome.shape().rank() > axis ? outcome.shape().dim(axis) : 0;
        Arrival what = new Arrival(outcome, outcome.dataBytes(), rows, true);
        Verdict verdict = assembly.judge(index, what);
        if (verdict instanceof Verdict.Place place) {
            assembly.arrive(index, what, place);
        }
        return verdict;
    }

    private static NpyHeader array(String dtype, long... dims) {
        return new NpyHeader(DType.parse(dtype), Shape.of(dims), Order.C);
    }

    @Test
    void eachOutcomeGoesWhereItsRowsAre() {
        Assembly assembly = tenRows();

        assertThat(accept(assembly, 2, array("<f8", 2, 3))).isEqualTo(new Verdict.Place(6 * 24, false));
        assertThat(accept(assembly, 0, array("<f8", 3, 3))).isEqualTo(new Verdict.Place(0, false));
        assertThat(assembly.done()).isEqualTo(2);
        assertThat(assembly.rowsDone()).isEqualTo(5);
        assertThat(assembly.missing()).containsExactly(1L, 3L);
        assertThat(assembly.complete()).isFalse();
    }

    @Test
    void whateverTheOrderTheJobIsCompleteWithItsLastChunkAndNotBefore() {
        List<Integer> order = new ArrayList<>(IntStream.range(0, 4).boxed().toList());
        for (long seed = 0; seed < 50; seed++) {
            Collections.shuffle(order, new Random(seed));
            Assembly assembly = tenRows();
            for (int index : order) {
                assertThat(assembly.complete()).isFalse();
                accept(assembly, index, array("|b1", index < 2 ? 3 : 2, 3));
            }
            assertThat(assembly.complete()).isTrue();
            assertThat(assembly.rowsDone()).isEqualTo(10);
            assertThat(assembly.missing()).isEmpty();
        }
    }

    @Test
    void aChunkCountsOnceHoweverOftenItComes() {
        Assembly assembly = tenRows();
        accept(assembly, 1, array("<f8", 3, 3));

        assertThat(accept(assembly, 1, array("<f8", 3, 3))).isInstanceOf(Verdict.Drop.class);
        assertThat(accept(assembly, 1, array("<c16", 7))).isInstanceOf(Verdict.Drop.class);
        assertThat(assembly.done()).isEqualTo(1);
        assertThat(assembly.rowsDone()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 5, Integer.MAX_VALUE, 1L << 32, Long.MAX_VALUE})
    void anIndexBeyondTheJobsChunksIsDropped(long index) {
        Assembly assembly = tenRows();

        assertThat(accept(assembly, index, array("<f8", 3, 3)))
                .isEqualTo(new Verdict.Drop("chunk " + index + " is not one of the job's 4"));
        assertThat(assembly.done()).isZero();
    }

    @Test
    void outcomesOfTwoDtypesBreakTheJobAndBothChunksAreNamed() {
        Assembly assembly = tenRows();
        accept(assembly, 3, array("<f8", 2, 3));

        assertThat(accept(assembly, 0, array("<f4", 3, 3)))
                .isEqualTo(
                        new Verdict.Break("outcomes disagree: chunk 3 is float64 (2, 3), chunk 0 is float32 (3, 3)"));
        assertThat(assembly.done()).isEqualTo(1);
    }

    @Test
    void outcomesInTwoByteOrdersBreakTheJobAndTheErrorShowsTheDifference() {
        Assembly assembly = tenRows();
        accept(assembly, 0, array("<f8", 3, 3));

        assertThat(accept(assembly, 1, array(">f8", 3, 3)))
                .isInstanceOfSatisfying(
                        Verdict.Break.class, broken -> assertThat(broken.why()).contains("<f8", ">f8"));
    }

    @Test
    void outcomesOfTwoWidthsBreakTheJob() {
        Assembly assembly = tenRows();
        accept(assembly, 0, array("<f8", 3, 3));

        assertThat(accept(assembly, 1, array("<f8", 3, 4)))
                .isEqualTo(
                        new Verdict.Break("outcomes disagree: chunk 0 is float64 (3, 3), chunk 1 is float64 (3, 4)"));
        assertThat(accept(assembly, 1, array("<f8", 3))).isInstanceOf(Verdict.Break.class);
        assertThat(accept(assembly, 1, array("<f8", 3, 3, 1))).isInstanceOf(Verdict.Break.class);
    }

    @Test
    void anOutcomeWithMoreOrFewerRowsThanItsChunkGoesBehindTheOthersAndIsListed() {
        Assembly assembly = tenRows();

        assertThat(accept(assembly, 0, array("<f8", 2, 3))).isEqualTo(new Verdict.Place(0, true));
        assertThat(accept(assembly, 3, array("<f8", 2, 3))).isEqualTo(new Verdict.Place(48, true));
        assertThat(accept(assembly, 1, array("<f8", 0, 3))).isEqualTo(new Verdict.Place(96, true));
        assertThat(accept(assembly, 2, array("<f8", 7, 3))).isEqualTo(new Verdict.Place(96, true));
        assertThat(assembly.layout().header().shape()).isEqualTo(Shape.of(11, 3));
        assertThat(assembly.rowsDone()).isEqualTo(10);
    }

    @Test
    void theFirstThatIsNotAlignedGoesBehindThePlaceOfAllThatAre() {
        Assembly assembly = tenRows();
        accept(assembly, 3, array("<f8", 2, 3));

        assertThat(accept(assembly, 0, array("<f8", 1, 3))).isEqualTo(new Verdict.Place(10 * 24, true));
        assertThat(assembly.listed()).isTrue();
    }

    @Test
    void anOutcomeWithoutTheSplitAxisBreaksTheJob() {
        assertThat(accept(tenRows(), 0, array("<f8")))
                .isInstanceOfSatisfying(
                        Verdict.Break.class, broken -> assertThat(broken.why()).contains("()", "no axis 0"));
    }

    @Test
    void theResultHasTheOutcomesDtypeAndTrailingShapeAndTheJobsRowsAndOrder() {
        Assembly assembly = new Assembly(SampleJobs.concat(Shape.of(2, 10), Order.FORTRAN, new Plan.Chunks(1, 3)));
        accept(assembly, 1, array(">c16", 2, 3, 5));

        ResultLayout layout = assembly.layout();

        assertThat(layout.header()).isEqualTo(new NpyHeader(DType.parse(">c16"), Shape.of(2, 10, 5), Order.FORTRAN));
        assertThat(layout.rowBytes()).isEqualTo(2 * 5 * 16);
        assertThat(layout.contiguous()).isFalse();
    }

    @Test
    void chunksOfTheSlowestAxisAreTheResultOneAfterTheOther() {
        Assembly c = tenRows();
        accept(c, 0, array("<f8", 3, 3));
        Assembly fortran = new Assembly(SampleJobs.concat(Shape.of(3, 10), Order.FORTRAN, new Plan.Chunks(1, 4)));
        accept(fortran, 0, array("<f8", 3, 3));

        assertThat(c.layout().contiguous()).isTrue();
        assertThat(fortran.layout().contiguous()).isTrue();
    }

    @Test
    void emptyChunksAreCountedLikeAnyOther() {
        Assembly assembly = new Assembly(SampleJobs.concat(Shape.of(2, 3), Order.C, new Plan.Chunks(0, 4)));
        for (int index = 3; index >= 0; index--) {
            assertThat(accept(assembly, index, array("<f8", index < 2 ? 1 : 0, 3)))
                    .isInstanceOf(Verdict.Place.class);
        }
        assertThat(assembly.complete()).isTrue();
    }

    @Test
    void anArrayOfNoRowsIsCompleteWithItsEmptyChunks() {
        Assembly assembly = new Assembly(SampleJobs.concat(Shape.of(0, 3), Order.C, new Plan.Chunks(0, 2)));

        assertThat(assembly.complete()).isFalse();
        accept(assembly, 0, array("<f8", 0, 3));
        accept(assembly, 1, array("<f8", 0, 3));
        assertThat(assembly.complete()).isTrue();
        assertThat(assembly.layout().header().shape()).isEqualTo(Shape.of(0, 3));
    }

    @Test
    void placesOfAGiantResultDoNotOverflow() {
        Assembly assembly =
                new Assembly(SampleJobs.concat(Shape.of(3_000_000_000L, 4), Order.C, new Plan.Chunks(0, 3)));

        assertThat(accept(assembly, 2, array("<f8", 1_000_000_000L, 4)))
                .isEqualTo(new Verdict.Place(64_000_000_000L, false));
    }

    @Test
    void whatArrivedBeforeTheFirstThatIsNotAlignedStaysWhereItIs() {
        Assembly assembly = tenRows();
        accept(assembly, 2, array("<f8", 2, 3));
        accept(assembly, 0, array("<f8", 3, 3));
        Places aligned = assembly.aligned();

        assertThat(accept(assembly, 1, array("<f8", 5, 3))).isEqualTo(new Verdict.Place(10 * 24, true));
        assertThat(accept(assembly, 3, array("<f8", 2, 3))).isEqualTo(new Verdict.Place(15 * 24, true));
        assertThatNoException().isThrownBy(() -> {
            assertThat(aligned.of(0)).isEqualTo(new Places.Place(0, 3 * 24, 3));
            assertThat(aligned.of(2)).isEqualTo(new Places.Place(6 * 24, 2 * 24, 2));
        });
        assertThat(assembly.end()).isEqualTo(17 * 24);
        assertThat(assembly.layout().header().shape()).isEqualTo(Shape.of(12, 3));
        assertThat(assembly.layout().contiguous()).isFalse();
    }

    @Test
    void theHeaderGoesInFrontOnlyWhereTheDataAreTheResult() {
        Arrival rows = new Arrival(array("<f8", 3, 4), 3 * 4 * 8, 3, true);
        Arrival columns = new Arrival(array("<f8", 10, 3), 10 * 3 * 8, 3, true);
        Assembly slowest = tenRows();
        Assembly fastest = new Assembly(SampleJobs.concat(Shape.of(10, 10), Order.C, new Plan.Chunks(1, 4)));
        Assembly one = new Assembly(SampleJobs.concat(Shape.of(10, 3), Order.C, new Plan.Chunks(1, 1)));

        assertThat(slowest.inFront(rows, new Verdict.Place(0, false))).contains(array("<f8", 10, 4));
        assertThat(slowest.inFront(rows, new Verdict.Place(0, true))).isEmpty();
        assertThat(fastest.inFront(columns, new Verdict.Place(0, false))).isEmpty();
        assertThat(one.inFront(columns, new Verdict.Place(0, false))).contains(array("<f8", 10, 3));
    }

    @Test
    void aResultOfMoreBytesThanCanBeCountedIsRefusedAtItsFirstOutcome() {
        Assembly assembly = new Assembly(SampleJobs.concat(Shape.of(1L << 40), Order.C, new Plan.Chunks(0, 1 << 20)));

        assertThatExceptionOfType(ArrayFormatException.class)
                .isThrownBy(() -> accept(assembly, 0, array("<f8", 1L << 20, 1L << 30)));
        assertThat(assembly.done()).isZero();
    }

    @Test
    void raggedOutcomesOfAGiantJobDoNotOverflow() {
        Assembly assembly =
                new Assembly(SampleJobs.concat(Shape.of(3_000_000_000L, 4), Order.C, new Plan.Chunks(0, 3)));

        accept(assembly, 0, array("<f8", 1_000_000_000L, 4));
        assertThat(accept(assembly, 1, array("<f8", 2_000_000_000L, 4)))
                .isEqualTo(new Verdict.Place(96_000_000_000L, true));
        assertThat(accept(assembly, 2, array("<f8", 5, 4))).isEqualTo(new Verdict.Place(160_000_000_000L, true));
        assertThat(assembly.layout().header().shape()).isEqualTo(Shape.of(3_000_000_005L, 4));
    }
}
