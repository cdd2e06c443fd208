package io.fanfold.aggregator.assemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fanfold.aggregator.SampleJobs;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.NpyHeader;
import io.fanfold.protocol.wire.ErrorPolicy;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.JobRecord.Revision.Run;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Jobs with chunks that fail, jobs that fold, and jobs that go on. */
final class HolesAndFoldsTest {
    private static final Fold SUM = new Fold("sum");

    private static Assembly keepGoing(long budget) {
        return new Assembly(SampleJobs.tenRows(Fold.CONCAT, new ErrorPolicy.KeepGoing(budget)));
    }

    private static Assembly folding() {
        return new Assembly(SampleJobs.tenRows(SUM, new ErrorPolicy.KeepGoing(3)));
    }

    private static NpyHeader array(String dtype, long... dims) {
        return new NpyHeader(DType.parse(dtype), Shape.of(dims), Order.C);
    }

    private static Arrival rows(long rows) {
        NpyHeader header = array("<f8", rows, 3);
        return new Arrival(header, header.dataBytes(), rows, true);
    }

    private static Arrival part(NpyHeader header, long rows, boolean uniform) {
        return new Arrival(header, header.dataBytes(), rows, uniform);
    }

    private static Verdict accept(Assembly assembly, long index, Arrival what) {
        Verdict verdict = assembly.judge(index, what);
        if (verdict instanceof Verdict.Place place) {
            assembly.arrive(index, what, place);
        }
        return verdict;
    }

    @Test
    void theFirstFailureBreaksAJobThatFailsFast() {
        Assembly assembly = new Assembly(SampleJobs.tenRows(Fold.CONCAT, SampleJobs.FAIL_FAST));

        assertThat(assembly.fail(2)).isInstanceOf(Verdict.Break.class);
        assertThat(assembly.done()).isZero();
    }

    @Test
    void asManyChunksMayFailAsTheBudgetHasAndNotOneMore() {
        Assembly assembly = keepGoing(2);

        assertThat(assembly.fail(0)).isEqualTo(new Verdict.Hole());
        assertThat(assembly.fail(0)).isInstanceOf(Verdict.Drop.class);
        assertThat(assembly.fail(3)).isEqualTo(new Verdict.Hole());
        assertThat(assembly.fail(1)).isEqualTo(new Verdict.Break("3 chunks failed, and the error budget is 2"));
        assertThat(assembly.failures()).isEqualTo(2);
        assertThat(assembly.rowsDone()).isEqualTo(5);
        assertThat(assembly.missing()).containsExactly(1L, 2L);
    }

    @Test
    void aBudgetOfNothingBreaksAtTheFirstFailure() {
        assertThat(keepGoing(0).fail(0)).isInstanceOf(Verdict.Break.class);
    }

    @Test
    void whatIsComputedBeatsAFailureBeforeOrAfterAndGivesTheBudgetBack() {
        Assembly assembly = keepGoing(1);

        assembly.fail(0);
        assertThat(accept(assembly, 0, rows(3))).isInstanceOf(Verdict.Place.class);
        assertThat(assembly.fail(0)).isInstanceOf(Verdict.Drop.class);
        assertThat(assembly.failures()).isZero();
        assertThat(assembly.done()).isEqualTo(1);
        assertThat(assembly.rowsDone()).isEqualTo(3);
        assertThat(assembly.arrived(0)).isTrue();
        assertThat(assembly.failed(0)).isFalse();
        assertThat(assembly.fail(1)).isEqualTo(new Verdict.Hole());
    }

    @Test
    void chunksThatFailedMakeAJobCompleteLikeOthers() {
        Assembly assembly = keepGoing(3);
        assembly.fail(0);
        assembly.fail(1);
        assembly.fail(2);
        assertThat(assembly.complete()).isFalse();
        accept(assembly, 3, rows(2));

        assertThat(assembly.complete()).isTrue();
        assertThat(assembly.layout().header().shape()).isEqualTo(Shape.of(10, 3));
        assertThat(assembly.layout().contiguous()).isTrue();
    }

    @Test
    void aFirstOutcomeThatIsNotAlignedBeginsTheSpoolThoughOthersHaveFailed() {
        Assembly assembly = keepGoing(3);
        assembly.fail(1);

        assertThat(accept(assembly, 0, rows(1))).isEqualTo(new Verdict.Place(0, true));
    }

    @Test
    void aFailureThatIsNoChunkOfTheJobIsDropped() {
        assertThat(keepGoing(3).fail(4)).isInstanceOf(Verdict.Drop.class);
        assertThat(keepGoing(3).fail(Long.MAX_VALUE)).isInstanceOf(Verdict.Drop.class);
    }

    @Test
    void partsOfAFoldLieOneBehindTheOtherAndAgreeWhereTheyAreUniform() {
        Assembly assembly = folding();

        assertThat(accept(assembly, 2, part(array("<f8", 3), 2, true))).isEqualTo(new Verdict.Place(0, true));
        assertThat(accept(assembly, 0, part(array("<f8", 3), 7, true))).isEqualTo(new Verdict.Place(24, true));
        assertThat(accept(assembly, 1, part(array("<f4", 3), 3, true)))
                .isEqualTo(new Verdict.Break("outcomes disagree: chunk 2 is float64 (3,), chunk 1 is float32 (3,)"));
        assertThat(accept(assembly, 1, part(array("<f8", 4), 3, true))).isInstanceOf(Verdict.Break.class);
        assertThat(assembly.resultRows()).isEqualTo(9);
        assertThat(assembly.rowsDone()).isEqualTo(5);
        assertThat(assembly.listed()).isTrue();
    }

    @Test
    void partsThatNeedNotBeUniformMayBeAnything() {
        Assembly assembly = folding();

        accept(assembly, 0, part(array("<f8", 3), 3, false));
        assertThat(accept(assembly, 1, part(array("|u1", 5, 5), 3, false))).isEqualTo(new Verdict.Place(24, true));
        assertThat(accept(assembly, 2, part(array("|u1"), 2, false))).isEqualTo(new Verdict.Place(49, true));
    }

    @Test
    void anAnswerWithoutRowsDisagreesWithNobody() {
        Assembly assembly = folding();
        assertThat(accept(assembly, 1, new Arrival(array("<i4", 0, 9), 0, 0, false)))
                .isInstanceOf(Verdict.Place.class);
        assertThat(assembly.anything()).isFalse();

        assertThat(accept(assembly, 0, part(array("<f8", 3), 3, true))).isEqualTo(new Verdict.Place(0, true));
        assertThat(accept(assembly, 2, new Arrival(array("|b1", 0), 0, 0, false)))
                .isEqualTo(new Verdict.Place(24, true));
        assertThat(assembly.template()).isEqualTo(array("<f8", 3));
        assertThat(assembly.fail(3)).isEqualTo(new Verdict.Hole());
        assertThat(assembly.complete()).isTrue();
    }

    @Test
    void whereNoAnswerHasRowsTheFirstOfThemInChunkOrderCountsWhicheverCameFirst() {
        List<Integer> order = new ArrayList<>(IntStream.range(0, 4).boxed().toList());
        for (long seed = 0; seed < 24; seed++) {
            Collections.shuffle(order, new Random(seed));
            Assembly assembly = folding();
            for (int chunk : order) {
                accept(assembly, chunk, new Arrival(array("<i4", 0, 2 + chunk), 0, 0, false));
                assembly = new Assembly(SampleJobs.tenRows(SUM, SampleJobs.FAIL_FAST), assembly.snapshot());
            }
            assertThat(assembly.hollow()).as("seed %d", seed).contains(array("<i4", 0, 2));
        }
    }

    /** One step of a job: an arrival, or none: the chunk failed. */
    private static String step(Assembly assembly, Random random, boolean folds) {
        long chunk = random.nextInt(assembly.count() + 1);
        if (random.nextInt(4) == 0) {
            return chunk + " " + assembly.fail(chunk);
        }
        long rows = random.nextInt(3) > 0 && !folds ? (chunk < 2 ? 3 : 2) : random.nextInt(4);
        Arrival what = folds && rows > 0
                ? part(random.nextInt(5) > 0 ? array("<f8", 3) : array("<f4", 3), rows, random.nextBoolean())
                : rows(rows);
        return chunk + " " + accept(assembly, chunk, what);
    }

    private static List<Object> seen(Assembly assembly) {
        Snapshot s = assembly.snapshot();
        return List.of(
                s,
                assembly.done(),
                assembly.failures(),
                assembly.rowsDone(),
                assembly.resultRows(),
                assembly.complete(),
                assembly.missing().boxed().toList());
    }

    @Test
    void anAssemblyThatGoesOnFromASnapshotDoesWhatTheOriginalDoes() {
        for (long seed = 0; seed < 400; seed++) {
            boolean folds = seed % 3 == 0;
            JobRecord.Spec spec = SampleJobs.of(
                    SampleJobs.ID,
                    folds ? SUM : Fold.CONCAT,
                    new ErrorPolicy.KeepGoing(2),
                    Shape.of(10, 3),
                    seed % 2 == 0 ? Order.C : Order.FORTRAN,
                    new Plan.Chunks(0, 4));
            Assembly original = new Assembly(spec);
            Random random = new Random(seed);
            for (int steps = random.nextInt(8); steps > 0; steps--) {
                step(original, random, folds);
            }
            Snapshot at = original.snapshot();
            Assembly restored = new Assembly(spec, at);
            assertThat(seen(restored)).as("seed %d", seed).isEqualTo(seen(original));

            for (int steps = 0; steps < 12; steps++) {
                long same = random.nextLong();
                String did = step(original, new Random(same), folds);
                assertThat(step(restored, new Random(same), folds))
                        .as("seed %d", seed)
                        .isEqualTo(did);
                assertThat(seen(restored)).as("seed %d", seed).isEqualTo(seen(original));
            }
            assertThat(new Assembly(spec, at).snapshot())
                    .as("seed %d: a snapshot does not change", seed)
                    .isEqualTo(at);
        }
    }

    private static Assembly revised(Snapshot before, List<Run> holes) {
        JobRecord.Spec was = SampleJobs.tenRows(Fold.CONCAT, new ErrorPolicy.KeepGoing(3));
        return Assembly.revised(SampleJobs.revision(was, new JobId("again"), holes), before);
    }

    @Test
    void aRevisionHasWhatArrivedAndWantsWhatFailed() {
        Assembly before = keepGoing(3);
        accept(before, 2, rows(2));
        List.of(0L, 1L, 3L).forEach(before::fail);

        Assembly revised = revised(before.snapshot(), List.of(new Run(0, 2), new Run(3, 1)));

        assertThat(revised.missing()).containsExactly(0L, 1L, 3L);
        assertThat(revised.failures()).isZero();
        assertThat(revised.done()).isEqualTo(1);
        assertThat(accept(revised, 2, rows(2))).isInstanceOf(Verdict.Drop.class);
        assertThat(revised.fail(2)).isInstanceOf(Verdict.Drop.class);
        assertThat(accept(revised, 0, rows(3))).isEqualTo(new Verdict.Place(0, false));
        assertThat(before.failures()).isEqualTo(3);
    }

    @Test
    void aRevisionOfOtherChunksThanThoseThatFailedIsRefused() {
        Assembly before = keepGoing(3);
        accept(before, 2, rows(2));
        List.of(0L, 1L, 3L).forEach(before::fail);
        for (List<Run> holes : List.of(
                List.<Run>of(),
                List.of(new Run(0, 2)),
                List.of(new Run(0, 4)),
                List.of(new Run(0, 3)),
                List.of(new Run(1, 3)),
                List.of(new Run(0, 2), new Run(3, 1), new Run(9, 1)),
                List.of(new Run(0, 2), new Run(3, 1), new Run(1L << 40, 5)),
                List.of(new Run(0, Long.MAX_VALUE)),
                List.of(new Run(0, 2), new Run(1L << 32, 1)))) {
            assertThatIllegalArgumentException()
                    .as("%s", holes)
                    .isThrownBy(() -> revised(before.snapshot(), holes))
                    .withMessageContainingAll("3", SampleJobs.ID.value());
        }
    }
}
