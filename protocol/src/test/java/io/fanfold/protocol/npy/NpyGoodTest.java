package io.fanfold.protocol.npy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Reorder;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Fixtures.Good;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NpyGoodTest {

    static Stream<Good> good() {
        return Fixtures.good();
    }

    static Stream<Good> savedByNumPy() {
        return good().filter(Good::asNumPySaves);
    }

    static Stream<Good> writtenOtherwise() {
        return good().filter(file -> !file.asNumPySaves());
    }

    static Stream<Good> described() {
        return good().filter(file -> !file.descr().equals("-"));
    }

    @ParameterizedTest
    @MethodSource("good")
    void whatNumPyWroteIsReadWithItsShapeOrderAndSize(Good file) {
        ArraySlice array = file.array();

        assertThat(array.shape()).hasToString(file.shape());
        assertThat(array.dtype().itemSize()).isEqualTo(file.itemSize());
        assertThat(array.order() == file.order() || array.shape().ordersCoincide())
                .isTrue();
        assertThat(array.data().byteSize()).isEqualTo(array.shape().size() * file.itemSize());
    }

    @ParameterizedTest
    @MethodSource("described")
    void theDTypeIsTheOneThatNumPySays(Good file) {
        DType dtype = file.array().dtype();

        assertThat(dtype.descr()).isEqualTo(file.descr());
        assertThat(dtype.littleEndian().descr()).isEqualTo(file.littleEndian());
        assertThat(dtype.name()).isEqualTo(file.name().equals("-") ? file.descr() : file.name());
        assertThat(DType.parse(file.descr())).isEqualTo(dtype).hasSameHashCodeAs(dtype);
    }

    @ParameterizedTest
    @MethodSource("savedByNumPy")
    void anArrayIsWrittenAgainByteForByteAsNumPySavesIt(Good file) {
        assertThat(Npy.encode(file.array())).isEqualTo(file.bytes());
    }

    @ParameterizedTest
    @MethodSource("writtenOtherwise")
    void aFileOfAnotherWriterOrVersionIsReadAsTheSameArray(Good file) {
        ArraySlice array = file.array();
        byte[] written = Npy.encode(array);
        ArraySlice again = Npy.decode(MemorySegment.ofArray(written), "again");

        assertThat(written).isNotEqualTo(file.bytes());
        assertThat(again.dtype()).isEqualTo(array.dtype());
        assertThat(again.shape()).isEqualTo(array.shape());
        assertThat(again.data().mismatch(array.data())).isEqualTo(-1);
    }

    @ParameterizedTest
    @MethodSource("good")
    void aMappedFileIsTheSameArrayWithoutACopy(Good file) {
        try (Arena arena = Arena.ofConfined()) {
            ArraySlice mapped = Npy.map(Fixtures.path("good/" + file.file()), arena);

            assertThat(mapped.data().isMapped() || mapped.data().byteSize() == 0)
                    .isTrue();
            assertThat(mapped.data().isReadOnly()).isTrue();
            assertThat(Npy.encode(mapped)).isEqualTo(Npy.encode(file.array()));
        }
    }

    @ParameterizedTest
    @MethodSource("good")
    void aHeaderAloneIsReadWithoutItsData(Good file) {
        byte[] bytes = file.bytes();
        Npy.Located whole = Npy.readHeader(MemorySegment.ofArray(bytes), file.file());
        MemorySegment headerOnly = MemorySegment.ofArray(bytes).asSlice(0, whole.dataOffset());

        assertThat(Npy.readHeader(headerOnly, file.file())).isEqualTo(whole);
        assertThat(whole.dataOffset() + whole.header().dataBytes()).isEqualTo(bytes.length);
    }

    @Test
    void elementsStandWhereNumPyPutThem() {
        // filled() of make_fixtures.py counts in steps of 3 from -5, in memory order
        for (String name : new String[] {"le_f8_C.npy", "be_f8_C.npy", "le_f8_F.npy", "be_f8_F.npy"}) {
            Good file =
                    good().filter(one -> one.file().equals(name)).findFirst().orElseThrow();
            ArraySlice array = file.array();
            ByteOrder byteOrder = array.dtype().byteOrder();
            var layout = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(byteOrder);

            assertThat(byteOrder).isEqualTo(name.startsWith("be") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < 12; i++) {
                assertThat(array.data().getAtIndex(layout, i)).isEqualTo(i * 3.0 - 5);
            }
        }
    }

    @Test
    void anArrayInTheOtherOrderIsSavedAsNumPySavesThat() {
        ArraySlice fortran =
                Npy.decode(MemorySegment.ofArray(Fixtures.bytes("good/transposed_le_f8_F.npy")), "fortran");

        assertThat(Npy.encode(Reorder.to(Order.C, fortran))).isEqualTo(Fixtures.bytes("good/transposed_le_f8_C.npy"));
    }

    @Test
    void memoryThatIsNoByteArrayIsReadAsWell() {
        byte[] bytes = Fixtures.bytes("good/le_f8_C.npy");
        MemorySegment longs = MemorySegment.ofArray(new long[bytes.length / 8]);
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, longs, 0, bytes.length);

        assertThat(Npy.encode(Npy.decode(longs, "longs"))).isEqualTo(bytes);
    }

    @ParameterizedTest
    @MethodSource("good")
    void anArrayWrittenIntoBlankMemoryIsEncodedWithoutACopy(Good file) {
        ArraySlice array = file.array();
        ArraySlice blank = Npy.blank(array.dtype(), array.shape(), array.order());
        byte[] before = Npy.encode(array);

        blank.data().copyFrom(array.data());
        byte[] value = Npy.encode(blank);

        assertThat(value).isEqualTo(before);
        assertThat(blank.data().heapBase()).containsSame(value);
        assertThat(Npy.encode(Npy.decode(MemorySegment.ofArray(value), "it"))).isSameAs(value);
    }

    @Test
    void whatOnlyLooksLikeAValueIsCopied() {
        ArraySlice blank = Npy.blank(DType.parse("<f8"), Shape.of(6), Order.C);
        byte[] own = Npy.encode(blank);
        ArraySlice other = new ArraySlice(DType.parse("<i8"), Shape.of(6), Order.C, blank.data());
        ArraySlice part = new ArraySlice(
                DType.parse("<f8"), Shape.of(5), Order.C, blank.data().asSlice(0, 40));

        assertThat(Npy.encode(other)).isNotSameAs(own);
        assertThat(Npy.encode(part)).isNotSameAs(own).hasSize(own.length - 8);
    }
}
