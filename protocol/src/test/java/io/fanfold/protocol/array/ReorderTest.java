package io.fanfold.protocol.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReorderTest {

    @ParameterizedTest
    @ValueSource(strings = {"|u1", "<i2", "<f4", ">f8", "<c16", "|S5", "|V0", "[('a', '<i4'), ('b', '>f8')]"})
    void everyElementIsFoundAtItsIndexInTheOtherOrder(String descr) {
        DType dtype = DType.parse(descr);
        for (Shape shape : new Shape[] {
            Shape.of(2, 3), Shape.of(33, 65), Shape.of(1, 5, 1, 3), Shape.of(3, 4, 5), Shape.of(2, 3, 2, 3, 2)
        }) {
            for (Order order : Order.values()) {
                ArraySlice before = Elements.filled(dtype, shape, order);
                Order other = order == Order.C ? Order.FORTRAN : Order.C;
                ArraySlice after = Reorder.to(other, before);

                assertThat(after.order()).isEqualTo(other);
                assertSameElements(before, after);
                assertThat(Elements.bytes(Reorder.to(order, after))).isEqualTo(Elements.bytes(before));
            }
        }
    }

    private static void assertSameElements(ArraySlice one, ArraySlice other) {
        assertThat(other.shape()).isEqualTo(one.shape());
        assertThat(other.dtype()).isEqualTo(one.dtype());
        long[] index = new long[one.shape().rank()];
        do {
            assertThat(Elements.at(other, index)).as("%s %s", one, index).isEqualTo(Elements.at(one, index));
        } while (Elements.next(index, one.shape()));
    }

    @Test
    void anArrayInThatOrderAlreadyIsTheSameArray() {
        ArraySlice array = Elements.filled(DType.parse("<f8"), Shape.of(3, 4), Order.FORTRAN);

        assertThat(Reorder.to(Order.FORTRAN, array)).isSameAs(array);
    }

    @Test
    void anArrayWhoseOrdersCoincideIsNotCopied() {
        for (Shape shape : new Shape[] {Shape.of(), Shape.of(5), Shape.of(1, 5, 1), Shape.of(3, 0, 4)}) {
            ArraySlice array = Elements.filled(DType.parse("<f8"), shape, Order.C);
            ArraySlice other = Reorder.to(Order.FORTRAN, array);

            assertThat(other.order()).isEqualTo(Order.FORTRAN);
            assertThat(other.data()).isSameAs(array.data());
        }
    }

    @Test
    void memoryThatIsNotAlignedIsReordered() {
        MemorySegment memory = MemorySegment.ofArray(new byte[49]).asSlice(1);
        memory.set(ValueLayout.JAVA_BYTE, 8, (byte) 7);
        ArraySlice array = new ArraySlice(DType.parse("<f8"), Shape.of(2, 3), Order.C, memory);

        assertSameElements(array, Reorder.to(Order.FORTRAN, array));
    }

    @Test
    void whatDoesNotFitAJavaArrayIsRefusedWithTheRemedy(@TempDir Path directory) throws IOException {
        long rows = 1L << 30;
        try (Arena arena = Arena.ofConfined();
                RandomAccessFile sparse =
                        new RandomAccessFile(directory.resolve("sparse").toFile(), "rw")) {
            sparse.setLength(2 * rows);
            MemorySegment data = sparse.getChannel().map(MapMode.READ_ONLY, 0, 2 * rows, arena);
            ArraySlice array = new ArraySlice(DType.parse("|u1"), Shape.of(rows, 2), Order.C, data);

            assertThatExceptionOfType(ArrayFormatException.class)
                    .isThrownBy(() -> Reorder.to(Order.FORTRAN, array))
                    .withMessage(
                            "uint8 (1073741824, 2) C has 2147483648 bytes, too many to reorder at once (2147483639):"
                                    + " split it first");
        }
    }
}
