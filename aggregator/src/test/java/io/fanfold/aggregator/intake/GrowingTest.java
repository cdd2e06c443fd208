package io.fanfold.aggregator.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fanfold.aggregator.SampleJobs;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.fold.FoldException;
import io.fanfold.protocol.fold.FoldFunction;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.ErrorPolicy;
import io.fanfold.protocol.wire.Failure;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.Outcome;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one outcome does to its job. */
final class GrowingTest {
    @TempDir
    private Path directory;

    private Desk desk;
    private final List<Growing> begun = new ArrayList<>();

    @BeforeEach
    void open() {
        desk = new Desk(directory);
    }

    @AfterEach
    void close() throws IOException {
        for (Growing growing : begun) {
            growing.spool.discard();
        }
        desk.close();
    }

    private Growing begin(Optional<FoldFunction> fold, ErrorPolicy errors) throws IOException {
        Growing growing =
                desk.begin(SampleJobs.tenRows(fold.map(f -> new Fold(f.name())).orElse(Fold.CONCAT), errors), fold);
        begun.add(growing);
        return growing;
    }

    private static Outcome computed(long chunk, byte[] npy) {
        return new Outcome.Computed(SampleJobs.ID, chunk, 1, ByteBuffer.wrap(npy));
    }

    private static byte[] npy(long... dims) {
        Shape shape = Shape.of(dims);
        byte[] data = new byte[(int) shape.size()];
        return Npy.encode(new ArraySlice(DType.parse("|u1"), shape, Order.C, MemorySegment.ofArray(data)));
    }

    private static Outcome failed(long chunk) {
        return new Outcome.Failed(SampleJobs.ID, chunk, 2, new Failure("a.b.Bad", "why", "f@1", 3, "w"));
    }

    private static String why(Growing.Step step) {
        assertThat(step).isInstanceOf(Growing.Step.Broken.class);
        return ((Growing.Step.Broken) step).why();
    }

    @Test
    void outcomesThatCountThatCameBeforeAndThatAreNobodys() throws IOException {
        Growing growing = begin(Optional.empty(), SampleJobs.FAIL_FAST);

        assertThat(growing.accept(computed(1, npy(3, 3)), 5, 9)).isEqualTo(new Growing.Step.Counted(9));
        assertThat(growing.accept(computed(1, npy(3, 3)), 6, 9)).isEqualTo(new Growing.Step.Dropped("duplicate"));
        assertThat(growing.accept(failed(1), 6, 12)).isEqualTo(new Growing.Step.Dropped("duplicate"));
        assertThat(growing.accept(computed(4, npy(3, 3)), 7, 8)).isEqualTo(new Growing.Step.Dropped("beyond"));
        assertThat(growing.accept(failed(1L << 40), 7, 8)).isEqualTo(new Growing.Step.Dropped("beyond"));
        assertThat(growing.lastMillis()).isEqualTo(12);
        assertThat(growing.whole().lastOffset()).isEqualTo(5);
    }

    @Test
    void bytesThatAreNoArrayBreakTheJobAndNameTheChunk() throws IOException {
        Growing growing = begin(Optional.empty(), SampleJobs.FAIL_FAST);

        assertThat(why(growing.accept(computed(2, new byte[] {1, 2, 3}), 0, 0))).contains("chunk 2");
        assertThat(growing.assembly.done()).isZero();
    }

    @Test
    void aFailureThatEndsAJobIsToldInOneLine() throws IOException {
        assertThat(why(begin(Optional.empty(), SampleJobs.FAIL_FAST).accept(failed(1), 0, 0)))
                .isEqualTo("chunk 1 (rows 3 to 6 along axis 0) failed in f@1 with Bad: why");
        assertThat(why(begin(Optional.empty(), new ErrorPolicy.KeepGoing(0)).accept(failed(1), 0, 0)))
                .contains("1 chunks failed", "budget is 0", "the last: chunk 1 (rows 3 to 6");
    }

    @Test
    void anAnswerWithoutTheSplitAxisCannotBeFoldedAlongIt() throws IOException {
        Growing growing = begin(Optional.of(new JoinedBytes()), SampleJobs.FAIL_FAST);

        assertThat(why(growing.accept(computed(0, npy()), 0, 0))).contains("chunk 0", "shape ()", "no axis 0");
    }

    /** A plugin's fold that fails where it is told to. */
    private static final class Buggy extends JoinedBytes {
        private final String where;

        Buggy(String where) {
            this.where = where;
        }

        private void fail(String here) {
            if (where.equals(here)) {
                throw new IllegalStateException("a bug");
            }
        }

        @Override
        public ArraySlice part(ArraySlice outcome, int axis) {
            fail("part");
            return super.part(outcome, axis);
        }

        @Override
        public ArraySlice combine(ArraySlice left, ArraySlice right) {
            fail("combine");
            return super.combine(left, right);
        }

        @Override
        public ArraySlice result(ArraySlice whole, long rows) {
            fail("result");
            return super.result(whole, rows);
        }

        @Override
        public boolean elementwise() {
            return where.equals("elementwise");
        }
    }

    @Test
    void aFoldThatThrowsBreaksTheJobThatAskedForIt() throws IOException {
        Growing growing = begin(Optional.of(new Buggy("part")), SampleJobs.FAIL_FAST);

        assertThat(why(growing.accept(computed(0, npy(3, 3)), 0, 0)))
                .contains("chunk 0", "fold joined", "part", "IllegalStateException", "a bug");
    }

    @Test
    void aFoldThatThrowsAtTheEndMakesNoResult() throws IOException {
        for (String where : List.of("combine", "result")) {
            Growing growing = begin(Optional.of(new Buggy(where)), SampleJobs.FAIL_FAST);
            for (int chunk = 0; chunk < 4; chunk++) {
                growing.accept(computed(chunk, npy(3, 3)), chunk, 0);
            }

            assertThatExceptionOfType(FoldException.class)
                    .isThrownBy(() -> desk.publisher.publish(growing.whole()))
                    .withMessageContainingAll("fold joined", where, "a bug");
        }
    }

    @Test
    void aFoldThatIsNotElementwiseAsItSaysMakesNoResult() throws IOException {
        Growing growing = begin(Optional.of(new Buggy("elementwise")), SampleJobs.FAIL_FAST);
        for (int chunk = 0; chunk < 4; chunk++) {
            growing.accept(computed(chunk, npy(3, 3)), chunk, 0);
        }

        assertThatExceptionOfType(FoldException.class)
                .isThrownBy(() -> desk.publisher.publish(growing.whole()))
                .withMessageContainingAll("fold joined", "element by element");
    }

    @Test
    void aPartThatSomebodyElseMadeCountsItsRows() throws IOException {
        Growing growing = begin(Optional.of(new JoinedBytes()), SampleJobs.FAIL_FAST);
        Outcome part = new Outcome.Computed(SampleJobs.ID, 0, 1, ByteBuffer.wrap(npy(9)), OptionalLong.of(3));

        assertThat(growing.accept(part, 0, 0)).isInstanceOf(Growing.Step.Counted.class);
        assertThat(growing.assembly.resultRows()).isEqualTo(3);
    }
}
