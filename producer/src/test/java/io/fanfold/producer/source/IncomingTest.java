package io.fanfold.producer.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.testkit.RandomArrays;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** What is known of an array before its chunks are written. */
final class IncomingTest {
    @Test
    void theChecksumOfAnArrayIsThatOfItsBytesWhateverMemoryTheyAreIn() {
        MemorySegment data = new RandomArrays(7)
                .of(DType.parse("<i8"), Shape.of(20_001), Order.C)
                .data();
        byte[] bytes = data.toArray(ValueLayout.JAVA_BYTE);
        long[] longs = data.toArray(ValueLayout.JAVA_LONG_UNALIGNED);
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mapped = arena.allocate(bytes.length);
            mapped.copyFrom(data);

            assertThat(Incoming.crc32c(MemorySegment.ofArray(bytes)))
                    .isEqualTo(Incoming.crc32c(MemorySegment.ofArray(longs)))
                    .isEqualTo(Incoming.crc32c(mapped))
                    .isEqualTo(String.format("%08x", crc.getValue()));
        }
    }

    @Test
    void anArrayOfJavasOwnIsKnownByItsBeginning() {
        assertThat(Incoming.of(ArraySlice.of(new double[3])).head())
                .isEqualTo(Incoming.of(ArraySlice.of(new long[3])).head())
                .isPresent();
    }
}
