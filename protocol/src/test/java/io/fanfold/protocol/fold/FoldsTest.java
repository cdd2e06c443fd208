package io.fanfold.protocol.fold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.wire.Fold;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FoldsTest {
    /** A fold that keeps the first outcome. */
    private record First(String name) implements FoldFunction {
        @Override
        public String about() {
            return "the first outcome";
        }

        @Override
        public ArraySlice part(ArraySlice outcome, int axis) {
            return outcome;
        }

        @Override
        public ArraySlice combine(ArraySlice left, ArraySlice right) {
            return left;
        }

        @Override
        public ArraySlice result(ArraySlice whole, long rows) {
            return whole;
        }
    }

    private static FoldFunction fold(String name) {
        return Folds.builtIn().find(new Fold(name)).orElseThrow();
    }

    private static ArraySlice zeros(String descr, long... dims) {
        DType dtype = DType.parse(descr);
        Shape shape = Shape.of(dims);
        return new ArraySlice(dtype, shape, Order.C, MemorySegment.ofArray(new byte[(int) dtype.bytes(shape)]));
    }

    @Test
    void eachReductionIsThereAlongTheAxisAndOfAllElements() {
        assertThat(Folds.builtIn().names())
                .containsExactly(
                        "sum",
                        "sum:all",
                        "prod",
                        "prod:all",
                        "min",
                        "min:all",
                        "max",
                        "max:all",
                        "mean",
                        "mean:all",
                        "any",
                        "any:all",
                        "all",
                        "all:all",
                        "count",
                        "count:all");
        assertThat(Folds.builtIn().all()).allSatisfy(f -> assertThat(f.about()).startsWith("np."));
        assertThat(Folds.builtIn().find(Fold.CONCAT)).isEmpty();
    }

    @Test
    void otherFoldsComeAfterThoseThatAreBuiltIn() {
        Folds folds = Folds.builtIn().with(List.of(new First("first")));

        assertThat(folds.names()).endsWith("count:all", "first");
        assertThat(folds.find(new Fold("first"))).contains(new First("first"));
        assertThat(Folds.builtIn().find(new Fold("first"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sum", "concat", "Top K", ""})
    void aFoldWhoseNameIsTakenOrThatNoJobCanCarryIsRefused(String name) {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> Folds.builtIn().with(List.of(new First(name))))
                .withMessageContaining(First.class.getName());
    }

    @ParameterizedTest
    @ValueSource(strings = {"min", "max", "min:all", "max:all"})
    void nothingHasNoLeastElementAsInNumPy(String name) {
        assertThatExceptionOfType(FoldException.class)
                .isThrownBy(() -> fold(name).part(zeros("<f8", 0, 3), 0))
                .withMessageStartingWith("zero-size array to reduction operation " + name.substring(0, 3)
                        + "imum which has no identity");
    }

    @Test
    void aDtypeThatAFoldDoesNotTakeIsNamedWithThoseThatItTakes() {
        assertThatExceptionOfType(FoldException.class)
                .isThrownBy(() -> fold("sum").check(DType.parse(">M8[s]")))
                .withMessageContainingAll("fold sum", "datetime64[s]", "bool, integers, floats", "timedelta64")
                .withMessageNotContaining("datetime64,");
    }

    @Test
    void partsOfDifferentOutcomesDoNotGoTogether() {
        ArraySlice narrow = fold("sum").part(zeros("<f4", 4, 2), 0);
        ArraySlice wide = fold("sum").part(zeros("<f8", 4, 2), 0);
        ArraySlice longer = fold("sum").part(zeros("<f8", 4, 3), 0);

        assertThatExceptionOfType(FoldException.class)
                .isThrownBy(() -> fold("sum").combine(narrow, wide))
                .withMessageContaining("float32");
        assertThatExceptionOfType(FoldException.class)
                .isThrownBy(() -> fold("sum").combine(wide, longer))
                .withMessageContainingAll("(2,)", "(3,)");
    }

    @Test
    void aPartSaysWhichDtypeItsResultHas() {
        assertThat(fold("sum").part(zeros(">f4", 4, 2), 0).dtype()).hasToString("[('float32', '<f8')]");
        assertThat(fold("sum").part(zeros(">f8", 4, 2), 0).dtype()).hasToString("<f8");
        assertThat(fold("mean:all").part(zeros("<c8", 4, 2), 0)).hasToString("[('complex64', '<c16')] (2,) C");
    }
}
