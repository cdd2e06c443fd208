package io.fanfold.worker.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Numbers;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.Parameter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ElementFunctionTest {
    private static final Parameter SHIFT = Parameter.withDefault("shift", Parameter.Type.NUMBER, 1, "what is added");

    /** {@code x / 3 + shift}, number by number. */
    private static final class Third extends ElementFunction {
        Third() {
            super("third@1", "a third of x, shifted", SHIFT);
        }

        @Override
        protected Kernel kernel(Map<String, Object> parameters) {
            double shift = SHIFT.number(parameters);
            return each(x -> x / 3 + shift);
        }
    }

    /** Runs a kernel as it is given. */
    private static final class Of extends ElementFunction {
        private final Kernel kernel;

        Of(FunctionDescription description, Kernel kernel) {
            super(description);
            this.kernel = kernel;
        }

        @Override
        protected Kernel kernel(Map<String, Object> parameters) {
            return kernel;
        }
    }

    private static final FunctionDescription FLOAT64 =
            FunctionDescription.of("f@1", "").withAnswers("float64", "float64");

    private static ArraySlice third(ArraySlice chunk) throws InterruptedException {
        Third third = new Third();
        return third.apply(chunk, third.description().resolve(Map.of("shift", "0.5")));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1023, 1024, 1025, 5000})
    void everyElementIsComputedWhateverTheLength(int length) throws Exception {
        long seed = 20260301L + length;
        double[] values = new Random(seed).doubles(length, -100, 100).toArray();

        assertThat(Functions.doubles(third(Functions.doubles(values))))
                .as("seed %d", seed)
                .isEqualTo(DoubleStream.of(values).map(x -> x / 3 + 0.5).toArray());
    }

    @ParameterizedTest
    @CsvSource({
        "|b1,float64",
        "|i1,float64",
        "|u1,float64",
        "<i2,float64",
        ">u2,float64",
        "<i4,float64",
        ">u4,float64",
        "<i8,float64",
        ">u8,float64",
        "<f2,float16",
        ">f2,float16",
        ">f4,float32",
        "<f4,float32",
        ">f8,float64"
    })
    void floatsAreAnsweredInThemselvesAndTheRestInFloat64(String descr, String answered) throws Exception {
        long seed = descr.hashCode();
        byte[] bytes = new byte[4096];
        new Random(seed).nextBytes(bytes);
        ArraySlice chunk = Functions.array(descr, MemorySegment.ofArray(bytes));

        ArraySlice answer = third(chunk);

        assertThat(answer.dtype().name()).isEqualTo(answered);
        assertThat(new Third().description().itemSizeOf(chunk.dtype()))
                .isEqualTo(answer.dtype().itemSize());
        assertThat(Doubles.of(answer))
                .as("seed %d", seed)
                .isEqualTo(DoubleStream.of(Doubles.of(chunk))
                        .map(x -> rounded(x / 3 + 0.5, answer.dtype()))
                        .toArray());
    }

    private static double rounded(double x, DType dtype) {
        return switch (dtype.itemSize()) {
            case 2 -> Numbers.nearestHalf(x);
            case 4 -> (float) x;
            default -> x;
        };
    }

    @Test
    void aFloat16IsRoundedOnceFromTheDoubleAndNotByWayOfFloat32() throws Exception {
        FunctionDescription half = FunctionDescription.of("f@1", "").withAnswers("float16", "float64");
        // just above the middle of 1 and the next float16: float32 would make a tie of it
        ArraySlice answer =
                new Of(half, (x, count) -> x[0] = 1 + 0x1p-11 + 0x1p-40).apply(Functions.doubles(0), Map.of());

        assertThat(Doubles.of(answer)).containsExactly(1 + 0x1p-10);
    }

    @Test
    void shapeAndOrderAreKeptAndTheChunkIsLeftAsItWas() throws Exception {
        ArraySlice flat = Functions.doubles(0, 3, 6, 9, 12, 15);
        ArraySlice chunk = new ArraySlice(flat.dtype(), Shape.of(2, 3), Order.FORTRAN, flat.data());

        ArraySlice answer = third(chunk);

        assertThat(answer.shape()).isEqualTo(Shape.of(2, 3));
        assertThat(answer.order()).isEqualTo(Order.FORTRAN);
        assertThat(Functions.doubles(answer)).containsExactly(0.5, 1.5, 2.5, 3.5, 4.5, 5.5);
        assertThat(Functions.doubles(chunk)).containsExactly(0, 3, 6, 9, 12, 15);
    }

    @Test
    void aKernelSeesWholeTiles() throws Exception {
        Of running = new Of(FLOAT64, (x, count) -> {
            for (int i = 1; i < count; i++) {
                x[i] += x[i - 1];
            }
        });

        assertThat(Functions.doubles(running.apply(Functions.doubles(1, 2, 3, 4), Map.of())))
                .containsExactly(1, 3, 6, 10);
    }

    @Test
    void functionsOfTheSameClassShareALoopAndOthersDoNot() {
        DoubleUnaryOperator[] same = new DoubleUnaryOperator[2];
        for (int i = 0; i < same.length; i++) {
            double factor = i;
            same[i] = x -> x * factor;
        }

        assertThat(ElementLoop.of(same[0])).isSameAs(ElementLoop.of(same[1]));
        assertThat(ElementLoop.of(same[0]).getClass())
                .isNotEqualTo(ElementLoop.of(x -> -x).getClass());
        assertThat(ElementLoop.of(same[0]).getClass().isHidden()).isTrue();
    }

    @Test
    void anInterruptEndsItAtTheNextTile() {
        int[] tiles = new int[1];
        Of self = new Of(FLOAT64, (x, count) -> {
            tiles[0]++;
            Thread.currentThread().interrupt();
        });

        assertThatThrownBy(() -> self.apply(Functions.doubles(new double[5000]), Map.of()))
                .isInstanceOf(InterruptedException.class)
                .hasMessage("f@1 was interrupted");
        assertThat(tiles[0]).isEqualTo(1);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void aDtypeThatItDoesNotTakeIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> third(Functions.array("<c16", MemorySegment.ofArray(new byte[16]))))
                .withMessageContaining("third does not take complex128");
    }

    @ParameterizedTest
    @CsvSource({"complex64,float32", "float64,int8", "any,same", "float64,same", "str32,float64"})
    void aDescriptionOfOtherDtypesIsRefusedWithTheRemedy(String taken, String answered) {
        FunctionDescription other = FunctionDescription.of("f@1", "").withAnswers(answered, taken);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Of(other, (x, count) -> {}))
                .withMessageContainingAll("f@1 answers " + answered + " for " + taken, "implement ChunkFunction");
    }

    @Test
    void numbersOfAnArrayComeInCOrderWhateverTheArraysOwnOrder() {
        MemorySegment memory = MemorySegment.ofArray(new byte[6 * Integer.BYTES]);
        for (int i = 0; i < 6; i++) {
            memory.setAtIndex(ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN), i, i);
        }
        ArraySlice columns = new ArraySlice(DType.parse(">i4"), Shape.of(2, 3), Order.FORTRAN, memory);

        assertThat(Doubles.of(columns)).containsExactly(0, 2, 4, 1, 3, 5);
    }

    @Test
    void numbersBecomeAnArrayInMemoryOfItsOwn() {
        double[] numbers = {1, 2, 3, 4, 5, 6};
        ArraySlice array = Doubles.array(Shape.of(3, 2), numbers);
        numbers[0] = 9;

        assertThat(array).hasToString("float64 (3, 2) C");
        assertThat(Doubles.of(array)).containsExactly(1, 2, 3, 4, 5, 6);
        assertThatThrownBy(() -> Doubles.array(Shape.of(4), 1, 2)).hasMessageContaining("(4,) takes 32 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<c8", "<U1", "|S3", "<M8[s]", "<m8[s]", "|V2", "[('a', '<f8')]"})
    void whatHasNoRealNumbersIsRefused(String descr) {
        DType dtype = DType.parse(descr);
        ArraySlice one = Functions.array(descr, MemorySegment.ofArray(new byte[dtype.itemSize()]));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Doubles.of(one))
                .withMessageContainingAll(dtype.name(), "no real numbers");
    }
}
