package io.fanfold.protocol.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ShapeTest {

    @Test
    void aShapeIsWrittenAsAPythonTuple() {
        assertThat(Shape.of()).hasToString("()");
        assertThat(Shape.of(3)).hasToString("(3,)");
        assertThat(Shape.of(3, 0, 4)).hasToString("(3, 0, 4)");
        assertThat(Shape.of(Literal.parse("(3, 0, 4)"))).isEqualTo(Shape.of(3, 0, 4));
    }

    @Test
    void theSizeIsTheProductOfTheLengths() {
        assertThat(Shape.of().size()).isEqualTo(1);
        assertThat(Shape.of(3, 4, 5).size()).isEqualTo(60);
        assertThat(Shape.of(3, 0, 5).size()).isZero();
        assertThat(Shape.of(1L << 31, 1L << 31).size()).isEqualTo(1L << 62);
    }

    @Test
    void aShapeNeitherKeepsNorGivesAwayItsArray() {
        long[] dims = {3, 4};
        Shape shape = Shape.of(dims);
        dims[0] = 5;
        shape.dims()[1] = 6;

        assertThat(shape).isEqualTo(Shape.of(3, 4)).hasSameHashCodeAs(Shape.of(3, 4));
        assertThat(shape.dims()).containsExactly(3, 4);
    }

    @Test
    void anAxisCanBeReplacedOrRemoved() {
        assertThat(Shape.of(3, 4, 5).with(1, 9)).isEqualTo(Shape.of(3, 9, 5));
        assertThat(Shape.of(3, 4, 5).without(0)).isEqualTo(Shape.of(4, 5));
        assertThat(Shape.of(3, 4, 5).without(1)).isEqualTo(Shape.of(3, 5));
        assertThat(Shape.of(3, 4, 5).without(2)).isEqualTo(Shape.of(3, 4));
        assertThat(Shape.of(3).without(0)).isEqualTo(Shape.of());
    }

    @Test
    void anAxisThatIsNotThereIsNamedWithThoseThatAre() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Shape.of(3, 4).dim(2))
                .withMessage("axis 2: an array of shape (3, 4) has axes 0 to 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Shape.of(3, 4).with(-1, 2))
                .withMessage("axis -1: an array of shape (3, 4) has axes 0 to 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Shape.of().without(0))
                .withMessage("axis 0: an array of shape () has no axes");
    }

    @Test
    void shapesThatNumPyCannotHaveAreRefused() {
        refused(() -> Shape.of(2, -1), "shape (2, -1) has the negative length -1: each is 0 or more");
        refused(() -> Shape.of(new long[65]), "a shape of 65 axes: NumPy allows at most 64, reshape it");
        refused(
                () -> Shape.of(0, 1L << 32, 1L << 32),
                "shape (0, 4294967296, 4294967296) has more elements than 64 bits can count: check its lengths");
        refused(() -> Shape.of(2).with(0, -3), "shape (-3,) has the negative length -3: each is 0 or more");
    }

    private static void refused(Runnable making, String message) {
        assertThatExceptionOfType(ArrayFormatException.class)
                .isThrownBy(making::run)
                .withMessage(message);
    }

    @Test
    void bothOrdersAreTheSameBytesWhereAtMostOneAxisIsLongerThanOne() {
        assertThat(Shape.of().ordersCoincide()).isTrue();
        assertThat(Shape.of(7).ordersCoincide()).isTrue();
        assertThat(Shape.of(1, 7, 1).ordersCoincide()).isTrue();
        assertThat(Shape.of(3, 0, 4).ordersCoincide()).isTrue();
        assertThat(Shape.of(2, 1, 2).ordersCoincide()).isFalse();
    }
}
