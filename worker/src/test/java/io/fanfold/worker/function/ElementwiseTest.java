package io.fanfold.worker.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ElementwiseTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 1023, 1024, 1025, 4096, 10_000})
    void allElementsAreComputedWhateverTheLength(int length) throws Exception {
        long seed = 20260101L + length;
        double[] values = new Random(seed).doubles(length, 0, 100).toArray();

        ArraySlice answer = Functions.apply("sqrt", Map.of(), Functions.doubles(values));

        assertThat(Functions.doubles(answer))
                .as("seed %d", seed)
                .isEqualTo(DoubleStream.of(values).map(Math::sqrt).toArray());
    }

    @ParameterizedTest
    @ValueSource(ints = {1023, 1024, 1025, 3000})
    void complexNumbersOfAllTilesKeepTheirParts(int length) throws Exception {
        double[] parts = DoubleStream.iterate(0, x -> x + 1).limit(2L * length).toArray();
        ArraySlice chunk = Functions.array("<c16", Functions.doubles(parts).data());

        assertThat(Functions.doubles(Functions.apply("abs", Map.of(), chunk)))
                .isEqualTo(DoubleStream.iterate(0, x -> x + 2)
                        .limit(length)
                        .map(x -> Math.hypot(x, x + 1))
                        .toArray());
        assertThat(Functions.doubles(Functions.apply("scale", Map.of("factor", 2), chunk)))
                .isEqualTo(DoubleStream.of(parts).map(x -> 2 * x).toArray());
    }

    @ParameterizedTest
    @ValueSource(strings = {"|b1", "|u1", "<i2", ">u2", "<i4", ">i4", "<f2", ">f4", "<f8"})
    void aLongChunkIsComputedAsItsPartsAre(String descr) throws Exception {
        long seed = descr.hashCode();
        byte[] bytes = new byte[24_000];
        new Random(seed).nextBytes(bytes);
        MemorySegment memory = MemorySegment.ofArray(bytes);
        for (String name : new String[] {"abs", "sqrt", "exp"}) {
            MemorySegment whole = apply(name, Functions.array(descr, memory)).data();
            long half = whole.byteSize() / 2;
            MemorySegment first = apply(name, Functions.array(descr, memory.asSlice(0, 12_000)))
                    .data();
            MemorySegment second =
                    apply(name, Functions.array(descr, memory.asSlice(12_000))).data();

            assertThat(whole.asSlice(0, half).mismatch(first))
                    .as("%s, seed %d", name, seed)
                    .isEqualTo(-1);
            assertThat(whole.asSlice(half).mismatch(second))
                    .as("%s, seed %d", name, seed)
                    .isEqualTo(-1);
        }
    }

    private static ArraySlice apply(String name, ArraySlice chunk) throws Exception {
        return Functions.apply(name, Map.of(), chunk);
    }

    @Test
    void memoryOutsideTheHeapNeedsNoAlignment() throws Exception {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment odd = arena.allocate(17, 8).asSlice(1);
            odd.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, 0, 9);
            odd.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, 8, 16);

            ArraySlice answer = Functions.apply("sqrt", Map.of(), Functions.array("<f8", odd.asReadOnly()));

            assertThat(Functions.doubles(answer)).containsExactly(3, 4);
        }
    }

    @Test
    void theAnswerIsNewMemoryAndTheChunkIsLeftAsItWas() throws Exception {
        ArraySlice chunk = Functions.doubles(4, 9);

        ArraySlice answer = Functions.apply("sqrt", Map.of(), chunk);

        assertThat(Functions.doubles(chunk)).containsExactly(4, 9);
        assertThat(answer.data().asOverlappingSlice(chunk.data())).isEmpty();
    }

    @Test
    void anAnswerLargerThanAJavaArrayIsRefusedWithTheRemedy() {
        assertThatThrownBy(() -> Answers.blank(DType.parse("<f8"), Shape.of(1 << 28), Order.C))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("float64 (268435456,)")
                .hasMessageContaining("2147483648 bytes")
                .hasMessageContaining("more chunks");
    }

    @Test
    void aChunkInFortranOrderGivesAnAnswerInFortranOrder() throws Exception {
        ArraySlice flat = Functions.doubles(1, 4, 9, 16, 25, 36);
        ArraySlice chunk = new ArraySlice(flat.dtype(), Shape.of(2, 3), Order.FORTRAN, flat.data());

        ArraySlice answer = Functions.apply("sqrt", Map.of(), chunk);

        assertThat(answer.order()).isEqualTo(Order.FORTRAN);
        assertThat(Functions.doubles(answer)).containsExactly(1, 2, 3, 4, 5, 6);
    }
}
