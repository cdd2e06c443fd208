package io.fanfold.producer.split;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Chunks of arrays that have no elements; those of all others are compared with NumPy's beside the assembly. */
final class SplitTest {
    private static final DType DOUBLES = DType.parse("<f8");
    private static final long HUGE = 1L << 59;

    private static byte[] chunk(Shape shape, Order order, int axis) {
        return new Split(new ArraySlice(DOUBLES, shape, order, MemorySegment.NULL), new Plan.Chunks(axis, 1)).chunk(0);
    }

    private static Shape shape(byte[] npy) {
        return Npy.decode(MemorySegment.ofArray(npy), "chunk").shape();
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void anArrayWithoutElementsIsCutAtOnceHoweverLongItsOtherAxesAre() {
        Shape tall = Shape.of(HUGE, 0);
        Shape wide = Shape.of(0, HUGE);

        assertThat(shape(chunk(tall, Order.C, 1))).isEqualTo(tall);
        assertThat(shape(chunk(wide, Order.FORTRAN, 0))).isEqualTo(wide);
        assertThat(shape(chunk(tall, Order.C, 0))).isEqualTo(tall);
    }
}
