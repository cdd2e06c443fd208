package io.fanfold.protocol.array;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.protocol.array.Plan.Range;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Plan and layout together: chunks copied out by them hold the right elements, and copied back give the array. */
class CutAndJoinTest {
    private static final List<Shape> SHAPES = List.of(
            Shape.of(0),
            Shape.of(1),
            Shape.of(7),
            Shape.of(4, 3),
            Shape.of(1, 5),
            Shape.of(3, 0),
            Shape.of(3, 4, 2),
            Shape.of(2, 1, 5),
            Shape.of(0, 2, 3),
            Shape.of(2, 3, 2, 4),
            Shape.of(1, 2, 1, 3));

    /** One of each kind and size, in both byte orders where there are two. */
    static Stream<String> dtypes() {
        Stream<String> ordered = Stream.of(
                        "i2", "i4", "i8", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16", "U2", "M8[ns]", "m8")
                .flatMap(code -> Stream.of("<" + code, ">" + code));
        Stream<String> others =
                Stream.of("|b1", "|i1", "|u1", "|S5", "|V3", "|V0", "[('a', '<i4'), ('b', '>f8', (2,)), ('', '|V3')]");
        return Stream.concat(ordered, others);
    }

    @ParameterizedTest
    @MethodSource("dtypes")
    void anArrayCutAlongAnyAxisIntoAnyNumberOfChunksIsJoinedToTheSameBytes(String descr) {
        forEveryArray(
                descr,
                array -> forEveryPlan(array, plan -> {
                    byte[] joined = join(array, plan, cut(array, plan));
                    assertThat(joined).as("%s by %s", array, plan).isEqualTo(Elements.bytes(array));
                }));
    }

    @ParameterizedTest
    @ValueSource(strings = {"|u1", "<f8", "|S5"})
    void aChunkHoldsTheElementsOfItsRowsInTheArraysOrder(String descr) {
        forEveryArray(
                descr,
                array -> forEveryPlan(array, plan -> {
                    List<ArraySlice> chunks = cut(array, plan);
                    for (int i = 0; i < chunks.size(); i++) {
                        Range range = plan.range(i, array.shape().dim(plan.axis()));
                        assertIsPart(array, chunks.get(i), plan.axis(), range.start());
                    }
                }));
    }

    private interface Check<T> {
        void of(T value);
    }

    private static void forEveryArray(String descr, Check<ArraySlice> check) {
        DType dtype = DType.parse(descr);
        for (Shape shape : SHAPES) {
            for (Order order : Order.values()) {
                check.of(Elements.filled(dtype, shape, order));
            }
        }
    }

    /** Along every axis: 1 to rows + 3 chunks, and 1 to rows + 1 rows per chunk. */
    private static void forEveryPlan(ArraySlice array, Check<Plan> check) {
        for (int axis = 0; axis < array.shape().rank(); axis++) {
            int along = axis;
            int rows = (int) array.shape().dim(axis);
            IntStream.rangeClosed(1, rows + 3).forEach(chunks -> check.of(new Plan.Chunks(along, chunks)));
            LongStream.rangeClosed(1, rows + 1).forEach(perChunk -> check.of(new Plan.Rows(along, perChunk)));
        }
    }

    private static List<ArraySlice> cut(ArraySlice array, Plan plan) {
        AxisLayout layout = AxisLayout.of(array.dtype(), array.shape(), array.order(), plan.axis());
        List<ArraySlice> chunks = new ArrayList<>();
        for (long i = 0; i < plan.count(layout.rows()); i++) {
            Range range = plan.range(i, layout.rows());
            long block = range.length() * layout.innerBytes();
            MemorySegment chunk = MemorySegment.ofArray(new byte[(int) (layout.outer() * block)]);
            for (long o = 0; o < layout.outer(); o++) {
                MemorySegment.copy(array.data(), offset(layout, o, range), chunk, o * block, block);
            }
            Shape shape = array.shape().with(plan.axis(), range.length());
            chunks.add(new ArraySlice(array.dtype(), shape, array.order(), chunk));
        }
        return chunks;
    }

    private static byte[] join(ArraySlice array, Plan plan, List<ArraySlice> chunks) {
        AxisLayout layout = AxisLayout.of(array.dtype(), array.shape(), array.order(), plan.axis());
        byte[] joined = new byte[(int) array.data().byteSize()];
        for (int i = 0; i < chunks.size(); i++) {
            Range range = plan.range(i, layout.rows());
            long block = range.length() * layout.innerBytes();
            for (long o = 0; o < layout.outer(); o++) {
                MemorySegment from = chunks.get(i).data();
                MemorySegment.copy(from, o * block, MemorySegment.ofArray(joined), offset(layout, o, range), block);
            }
        }
        return joined;
    }

    private static long offset(AxisLayout layout, long outer, Range range) {
        return (outer * layout.rows() + range.start()) * layout.innerBytes();
    }

    private static void assertIsPart(ArraySlice array, ArraySlice chunk, int axis, long start) {
        if (chunk.shape().size() == 0) {
            return;
        }
        long[] index = new long[chunk.shape().rank()];
        do {
            long[] inArray = index.clone();
            inArray[axis] += start;
            assertThat(Elements.at(chunk, index)).isEqualTo(Elements.at(array, inArray));
        } while (Elements.next(index, chunk.shape()));
    }
}
