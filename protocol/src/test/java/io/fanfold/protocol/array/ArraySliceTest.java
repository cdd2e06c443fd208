package io.fanfold.protocol.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class ArraySliceTest {
    private static final DType FLOAT64 = DType.parse("<f8");

    @Test
    void aSliceIsItsMemoryAndNoCopy() {
        MemorySegment memory = MemorySegment.ofArray(new byte[96]);
        ArraySlice slice = new ArraySlice(FLOAT64, Shape.of(3, 4), Order.FORTRAN, memory);

        assertThat(slice.data()).isSameAs(memory);
        assertThat(slice).hasToString("float64 (3, 4) FORTRAN");
    }

    @Test
    void memoryOfAnotherSizeIsRefused() {
        assertThatExceptionOfType(ArrayFormatException.class)
                .isThrownBy(() -> new ArraySlice(FLOAT64, Shape.of(3, 4), Order.C, MemorySegment.ofArray(new byte[95])))
                .withMessage("float64 (3, 4) takes 96 bytes, the memory given has 95: pass exactly the array's bytes");
    }

    @Test
    void theLayoutAlongAnAxisFollowsTheOrder() {
        Shape shape = Shape.of(2, 3, 5);

        assertThat(AxisLayout.of(FLOAT64, shape, Order.C, 0)).isEqualTo(new AxisLayout(1, 2, 120));
        assertThat(AxisLayout.of(FLOAT64, shape, Order.C, 1)).isEqualTo(new AxisLayout(2, 3, 40));
        assertThat(AxisLayout.of(FLOAT64, shape, Order.C, 2)).isEqualTo(new AxisLayout(6, 5, 8));
        assertThat(AxisLayout.of(FLOAT64, shape, Order.FORTRAN, 0)).isEqualTo(new AxisLayout(15, 2, 8));
        assertThat(AxisLayout.of(FLOAT64, shape, Order.FORTRAN, 1)).isEqualTo(new AxisLayout(5, 3, 16));
        assertThat(AxisLayout.of(FLOAT64, shape, Order.FORTRAN, 2)).isEqualTo(new AxisLayout(1, 5, 48));
    }

    @Test
    void aLayoutNeedsAnAxisThatIsThere() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AxisLayout.of(FLOAT64, Shape.of(), Order.C, 0))
                .withMessage("axis 0: an array of shape () has no axes");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AxisLayout(1, -1, 8))
                .withMessage("a layout of 1 blocks of -1 rows of 8 bytes: none is negative");
    }

    @Test
    void aLayoutOfMoreBytesThanCanBeCountedIsRefused() {
        assertThatExceptionOfType(ArrayFormatException.class)
                .isThrownBy(() -> AxisLayout.of(FLOAT64, Shape.of(0, 1L << 61), Order.C, 0))
                .withMessageContaining("more bytes than 64 bits can count: check its lengths");
    }
}
