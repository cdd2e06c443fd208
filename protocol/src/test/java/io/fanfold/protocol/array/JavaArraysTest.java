package io.fanfold.protocol.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Java's arrays become slices, and slices Java's arrays. */
final class JavaArraysTest {
    @Test
    void whatBecameASliceComesBack() {
        double[] doubles = {1.5, -0.0, Double.NaN};
        float[] floats = {1.5f, Float.MAX_VALUE};
        long[] longs = {1, Long.MIN_VALUE};
        int[] ints = {1, Integer.MIN_VALUE};

        assertThat(ArraySlice.of(doubles).toDoubles()).isEqualTo(doubles);
        assertThat(ArraySlice.of(floats).toFloats()).isEqualTo(floats);
        assertThat(ArraySlice.of(longs).toLongs()).isEqualTo(longs);
        assertThat(ArraySlice.of(ints).toInts()).isEqualTo(ints);
    }

    @Test
    void aSliceHasTheTypeAndTheShapeThatWereGiven() {
        ArraySlice flat = ArraySlice.of(new double[6]);
        ArraySlice square = ArraySlice.of(new float[6], 2, 3);

        assertThat(flat.dtype().name()).isEqualTo("float64");
        assertThat(flat.shape()).isEqualTo(Shape.of(6));
        assertThat(square.dtype().name()).isEqualTo("float32");
        assertThat(square.shape()).isEqualTo(Shape.of(2, 3));
        assertThat(ArraySlice.of(new long[0]).shape()).isEqualTo(Shape.of(0));
        assertThatThrownBy(() -> ArraySlice.of(new int[6], 4, 2))
                .isInstanceOf(ArrayFormatException.class)
                .hasMessageContaining("int32 (4, 2)");
    }

    @Test
    void aSliceSharesTheMemoryOfItsArray() {
        long[] values = {1, 2};
        ArraySlice slice = ArraySlice.of(values);

        values[0] = 5;

        assertThat(slice.toLongs()).containsExactly(5, 2);
    }

    @Test
    void elementsComeInCOrderWhateverTheOrderAndTheByteOrderInMemory() {
        byte[] bigEndianColumns = {0, 1, 0, 4, 0, 2, 0, 5, 0, 3, 0, 6};
        ArraySlice slice = new ArraySlice(
                DType.parse(">i2"), Shape.of(2, 3), Order.FORTRAN, MemorySegment.ofArray(bigEndianColumns));

        assertThat(slice.toInts()).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(slice.toLongs()).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(slice.toFloats()).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(slice.toDoubles()).containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void boolsAreZerosAndOnes() {
        ArraySlice slice =
                new ArraySlice(DType.parse("|b1"), Shape.of(3), Order.C, MemorySegment.ofArray(new byte[] {0, 1, 1}));

        assertThat(slice.toInts()).containsExactly(0, 1, 1);
        assertThat(slice.toFloats()).containsExactly(0, 1, 1);
        assertThat(slice.toDoubles()).containsExactly(0, 1, 1);
    }

    @ParameterizedTest
    @CsvSource({"<c16, toDoubles", "<f8, toFloats", "<i4, toFloats", "<f4, toLongs", "<i8, toInts", "<u4, toInts"})
    void whatWouldNotFitIsRefused(String dtype, String method) {
        DType type = DType.parse(dtype);
        ArraySlice slice =
                new ArraySlice(type, Shape.of(2), Order.C, MemorySegment.ofArray(new byte[2 * type.itemSize()]));

        assertThatThrownBy(() -> {
                    Object _ = switch (method) {
                        case "toDoubles" -> slice.toDoubles();
                        case "toFloats" -> slice.toFloats();
                        case "toLongs" -> slice.toLongs();
                        default -> slice.toInts();
                    };
                })
                .isInstanceOf(ArrayFormatException.class)
                .hasMessageContaining(type.name());
    }
}
