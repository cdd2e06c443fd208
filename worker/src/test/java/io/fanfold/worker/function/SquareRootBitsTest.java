package io.fanfold.worker.function;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.protocol.array.ArraySlice;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SquareRootBitsTest {
    /** Enough for the JIT's last level, which starts after some 40,000 rounds of a loop. */
    private static final int UNTIL_COMPILED = 500;

    private static final int LONG_ENOUGH = 5_000;

    @Test
    void itIsTheSameToTheBitBeforeAndAfterTheJitHasCompiledIt() throws Exception {
        List<GoldenCase> cases = GoldenCase.all()
                .filter(c -> c.function().equals("sqrt")
                        && c.chunk().dtype().kind().name().equals("FLOAT"))
                .filter(c -> c.chunk().shape().size() > 0)
                .toList();
        for (GoldenCase golden : cases) {
            ArraySlice chunk = repeated(golden.chunk());
            byte[] expected = bytes(repeated(golden.answer().orElseThrow()));
            for (int i = 0; i < UNTIL_COMPILED; i++) {
                ArraySlice answer = Functions.apply("sqrt", Map.of(), chunk);
                assertThat(MemorySegment.ofArray(expected).mismatch(answer.data()))
                        .as("first byte that differs, round %d of %s", i, golden)
                        .isEqualTo(-1);
            }
        }
    }

    @Test
    void aNegativeNumberGivesTheNaNWithASignThatX86Makes() throws Exception {
        ArraySlice answer = Functions.apply("sqrt", Map.of(), Functions.doubles(-1, -0.0, Double.NEGATIVE_INFINITY));

        if (List.of("amd64", "x86_64").contains(System.getProperty("os.arch"))) {
            assertThat(answer.data().toArray(ValueLayout.JAVA_LONG_UNALIGNED))
                    .containsExactly(0xFFF8L << 48, 1L << 63, 0xFFF8L << 48);
        }
    }

    private static ArraySlice repeated(ArraySlice array) {
        byte[] once = bytes(array);
        byte[] often = new byte
                [once.length
                        * Math.ceilDiv(LONG_ENOUGH, once.length / array.dtype().itemSize())];
        for (int i = 0; i < often.length; i++) {
            often[i] = once[i % once.length];
        }
        return Functions.array(array.dtype().descr(), MemorySegment.ofArray(often));
    }

    private static byte[] bytes(ArraySlice array) {
        return array.data().toArray(ValueLayout.JAVA_BYTE);
    }
}
