package io.fanfold.worker.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.fold.FoldFunction;
import io.fanfold.protocol.fold.Folds;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.ErrorPolicy;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.protocol.wire.JobHeader;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.worker.function.Doubles;
import io.fanfold.worker.strategy.Ending;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class FoldingTest {
    private static final ArraySlice ANSWER = Doubles.array(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);

    private static KnownJob job(String fold, int axis) {
        return job(fold, axis, Folds.builtIn().find(new Fold(fold)));
    }

    private static KnownJob job(String name, int axis, Optional<FoldFunction> fold) {
        JobHeader header = new JobHeader(
                new JobId("j"),
                FunctionId.parse("f@1"),
                Map.of(),
                Strategy.AUTO,
                new Fold(name),
                new ErrorPolicy.FailFast(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.of(100),
                axis,
                0);
        return new KnownJob(header, Optional.empty(), Map.of(), fold, Optional.empty());
    }

    private static Ending.Answered answered(ArraySlice answer) {
        return new Ending.Answered(Npy.encode(answer), 7, OptionalLong.of(5));
    }

    private static Ending folded(KnownJob job, Ending ending) {
        return Folding.of(job, ending, "chunk 3 of job j");
    }

    @Test
    void anAnswerBecomesItsPartAndSaysOfHowManyRows() {
        Ending.Answered part = (Ending.Answered) folded(job("sum", 0), answered(ANSWER));

        ArraySlice sums = Npy.decode(MemorySegment.ofArray(part.npy()), "part");
        assertThat(sums.shape()).isEqualTo(Shape.of(3));
        assertThat(Doubles.of(sums)).containsExactly(5, 7, 9);
        assertThat(part.foldedRows()).hasValue(2);
        assertThat(part.wallNanos()).isEqualTo(7);
        assertThat(part.cpuNanos()).hasValue(5);
    }

    @Test
    void theRowsAreThoseOfTheSplitAxis() {
        assertThat(folded(job("mean:all", 1), answered(ANSWER)))
                .isInstanceOfSatisfying(
                        Ending.Answered.class,
                        part -> assertThat(part.foldedRows()).hasValue(3));
    }

    @Test
    void concatAndAFoldThatThisWorkerDoesNotHaveLeaveTheAnswerAsItIs() {
        Ending.Answered answer = answered(ANSWER);

        assertThat(folded(job("concat", 0), answer)).isSameAs(answer);
        assertThat(folded(job("top-k", 0), answer)).isSameAs(answer);
        assertThat(answer.foldedRows()).isEmpty();
    }

    @Test
    void anAnswerWithoutRowsOrWithoutTheAxisStaysAsItIs() {
        Ending.Answered none = answered(Doubles.array(Shape.of(0, 3)));
        Ending.Answered flat = answered(Doubles.array(Shape.of(3), 1, 2, 3));

        assertThat(folded(job("min", 0), none)).isSameAs(none);
        assertThat(folded(job("sum", 1), flat)).isSameAs(flat);
    }

    @Test
    void anAnswerThatTheFoldDoesNotTakeFailsItsChunkForGood() {
        ArraySlice text = new ArraySlice(
                DType.parse("|S2"),
                Shape.of(2),
                Order.C,
                MemorySegment.ofArray("abcd".getBytes(StandardCharsets.US_ASCII)));

        assertThat(folded(job("sum", 0), answered(text))).isInstanceOfSatisfying(Ending.Raised.class, raised -> {
            assertThat(raised.error()).endsWith("FoldException");
            assertThat(raised.message()).contains("fold sum does not take bytes16", "it takes");
            assertThat(raised.lasting()).isTrue();
        });
    }

    /** A fold that makes no parts. */
    private record Broken(Error error) implements FoldFunction {
        @Override
        public String name() {
            return "broken";
        }

        @Override
        public String about() {
            return "fails";
        }

        @Override
        public ArraySlice part(ArraySlice outcome, int axis) {
            throw error;
        }

        @Override
        public ArraySlice combine(ArraySlice left, ArraySlice right) {
            throw error;
        }

        @Override
        public ArraySlice result(ArraySlice whole, long rows) {
            throw error;
        }
    }

    @Test
    void whateverAFoldThrowsTheChunkHasAnEnding() {
        Error bug = new AssertionError("a bug");
        Error broken = new OutOfMemoryError("heap");

        assertThat(folded(job("broken", 0, Optional.of(new Broken(bug))), answered(ANSWER)))
                .isInstanceOfSatisfying(
                        Ending.Raised.class,
                        raised -> assertThat(raised.message()).isEqualTo("a bug"));
        assertThat(folded(job("broken", 0, Optional.of(new Broken(broken))), answered(ANSWER)))
                .isEqualTo(new Ending.Fatal(broken));
    }

    @Test
    void whatIsNoAnswerStaysAsItIs() {
        Ending stopped = new Ending.Stopped();

        assertThat(folded(job("sum", 0), stopped)).isSameAs(stopped);
    }
}
