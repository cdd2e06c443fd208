package io.fanfold.worker.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.wire.WireException;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FunctionErrorsTest {

    @AfterEach
    void leaveNoInterruptBehind() {
        Thread.interrupted();
    }

    private static AbstractThrowableAssert<?, ?> refused(
            String function, Map<String, Object> parameters, ArraySlice chunk) {
        return assertThatThrownBy(() -> Functions.function(function).apply(chunk, parameters))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(function)
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"negate", "abs", "sqrt", "exp", "log", "scale", "clip", "mandelbrot"})
    void aDtypeThatIsNotTakenIsRefusedNamingThoseThatAre(String function) {
        ArraySlice text = Functions.bytes("|S2", 65, 66);

        refused(function, Map.of("factor", 2L, "min", 0L, "iterations", 9L), text)
                .hasMessageContaining("does not take bytes16; it takes ")
                .hasMessageContaining("float32")
                .hasMessageContaining("x.astype(...)");
    }

    @Test
    void boolsCannotBeNegatedAndComplexNumbersHaveNoSquareRootHere() {
        refused("negate", Map.of(), Functions.bytes("|b1", 1)).hasMessageContaining("does not take bool");
        refused("sqrt", Map.of(), Functions.array("<c8", MemorySegment.ofArray(new byte[8])))
                .hasMessageContaining("does not take complex64");
    }

    @Test
    void aFactorOutOfTheRangeOfTheIntegersIsRefusedWithTheRemedy() {
        refused("scale", Map.of("factor", 300L), Functions.bytes("|u1", 1))
                .hasMessage("scale: factor 300 does not fit uint8, 0 to 255: write 300.0 to get float64, "
                        + "or convert the array with x.astype(...)");
    }

    @Test
    void aFractionalBoundOfIntegersIsRefusedWithTheRemedy() {
        refused("clip", Map.of("max", 0.5), Functions.bytes("|i1", 1))
                .hasMessage("clip: max 0.5 is not a whole number, which int8 needs: give an integer, "
                        + "or convert the array with x.astype('float64')");
    }

    @Test
    void aBoundThatLeavesNothingOfTheIntegersRangeIsRefused() {
        refused("clip", Map.of("min", 300L), Functions.bytes("|u1", 1))
                .hasMessage("clip: min 300 does not fit uint8, 0 to 255: give a bound within");
    }

    @Test
    void clipNeedsABound() {
        refused("clip", Map.of(), Functions.doubles(1)).hasMessageContaining("neither min nor max is given");
    }

    @Test
    void aBoundThatIsNotANumberIsRefused() {
        refused("clip", Map.of("min", Double.NaN), Functions.doubles(1)).hasMessageContaining("parameter min is NaN");
        refused("scale", Map.of("factor", "two"), Functions.doubles(1)).hasMessageContaining("parameter factor is two");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 3})
    void rowsThatAreNoPairsAreRefusedNamingTheShape(long length) {
        MemorySegment memory = MemorySegment.ofArray(new byte[(int) (4 * length * 8)]);
        ArraySlice chunk = new ArraySlice(DType.parse("<f8"), Shape.of(4, length), Order.C, memory);

        refused("mandelbrot", Map.of("iterations", 9L), chunk)
                .hasMessageContaining("float64 chunk of shape (4, " + length + ") has no (re, im) rows")
                .hasMessageContaining("last axis must have length 2");
    }

    @Test
    void aSingleRealNumberIsNoRowOfTwo() {
        MemorySegment memory = MemorySegment.ofArray(new byte[8]);
        ArraySlice chunk = new ArraySlice(DType.parse("<f8"), Shape.of(), Order.C, memory);

        refused("mandelbrot", Map.of("iterations", 9L), chunk).hasMessageContaining("shape () has no (re, im) rows");
    }

    @Test
    void iterationsBeyondTheCountsOfInt32AreRefused() {
        ArraySlice chunk = Functions.doubles(0, 0);

        refused("mandelbrot", Map.of("iterations", 1L << 31), chunk)
                .hasMessageContaining("iterations is 2147483648; it must be an integer from 1 to 2147483647");
        refused("mandelbrot", Map.of("iterations", 0L), chunk).hasMessageContaining("iterations is 0;");
        refused("mandelbrot", Map.of(), chunk).hasMessageContaining("iterations is missing;");
    }

    @Test
    void aSleepWithoutItsLengthIsRefused() {
        refused("sleep", Map.of(), Functions.doubles(1)).hasMessageContaining("ms is missing;");
        refused("sleep", Map.of("ms", -1L), Functions.doubles(1)).hasMessageContaining("ms is -1;");
        assertThatThrownBy(() -> Functions.apply("sleep", Map.of("ms", -1), Functions.doubles(1)))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("at least 0");
    }

    @Test
    void aThreadThatIsInterruptedDoesNotSleepOn() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> Functions.apply("sleep", Map.of("ms", 3_600_000), Functions.doubles(1)))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void aThreadThatIsInterruptedDoesNotIterateOn() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> Functions.apply("mandelbrot", Map.of(), Functions.doubles(0, 0)))
                .isInstanceOf(InterruptedException.class);
    }
}
