package io.fanfold.producer.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfold.protocol.array.ArrayFormatException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.testkit.RandomArrays;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NpyRowsTest {
    @Test
    void theRowsAreTheArraysBytesHoweverTheyCome() throws IOException {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        RandomArrays arrays = new RandomArrays(seed);
        Random random = new Random(seed);
        for (int i = 0; i < 100; i++) {
            ArraySlice array = arrays.any();
            byte[] npy = Npy.encode(array);
            NpyRows rows =
                    NpyRows.open(i % 2 == 0 ? new ByteArrayInputStream(npy) : Streams.dripping(npy), "the array");
            assertThat(rows.header().dtype()).isEqualTo(array.dtype());
            assertThat(rows.header().shape()).isEqualTo(array.shape());
            assertThat(rows.endless()).isFalse();
            assertThat(Streams.drain(rows, random)).isEqualTo(array.data().toArray(ValueLayout.JAVA_BYTE));
        }
    }

    @Test
    void theWholeIsWhatCame() throws IOException {
        byte[] npy = Npy.encode(array(Shape.of(3, 4), Order.FORTRAN));
        NpyRows rows = NpyRows.open(Streams.dripping(npy), "the array");
        assertThat(rows.whole().readAllBytes()).isEqualTo(npy);
    }

    @Test
    void rowsComeOneAfterTheOtherAlongTheFirstAxisInCOrderOnly() throws IOException {
        assertThat(open(Shape.of(3, 4), Order.C).streams(0)).isTrue();
        assertThat(open(Shape.of(3, 4), Order.C).streams(-2)).isTrue();
        assertThat(open(Shape.of(3, 4), Order.C).streams(1)).isFalse();
        assertThat(open(Shape.of(3, 4), Order.FORTRAN).streams(0)).isFalse();
        assertThat(open(Shape.of(3, 1), Order.FORTRAN).streams(0)).isTrue();
        assertThat(open(Shape.of(), Order.C).streams(0)).isFalse();
    }

    @Test
    void aHeaderThatEndsTooEarlyIsRefusedWhereverItEnds() {
        byte[] npy = Npy.encode(array(Shape.of(3), Order.C));
        for (int length = 0; length < 128; length++) {
            byte[] part = Arrays.copyOf(npy, length);
            assertThatThrownBy(() -> NpyRows.open(Streams.dripping(part), "the body"))
                    .as("%d bytes", length)
                    .isInstanceOf(ArrayFormatException.class)
                    .hasMessageStartingWith("the body: ");
        }
    }

    @Test
    void aHeaderThatClaimsToBeGiantIsNotRead() {
        byte[] bytes = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 2, 0, 0, 0, 0, 127};
        assertThatThrownBy(() -> NpyRows.open(new ByteArrayInputStream(bytes), "the body"))
                .isInstanceOf(ArrayFormatException.class)
                .hasMessageContaining("2130706432 bytes, more than the 1048576 that are read");
    }

    @Test
    void whatIsNoNpyIsRefusedWithWhatItBeginsWith() {
        assertThatThrownBy(() -> NpyRows.open(Streams.of("1,2,3\n4,5,6\n"), "the body"))
                .hasMessage("the body: it starts with '1,2,3\\n4,', so it is no .npy value: write it with np.save");
    }

    private static NpyRows open(Shape shape, Order order) throws IOException {
        return NpyRows.open(new ByteArrayInputStream(Npy.encode(array(shape, order))), "the array");
    }

    private static ArraySlice array(Shape shape, Order order) {
        return new RandomArrays(1).of(DType.parse("<i4"), shape, order);
    }
}
