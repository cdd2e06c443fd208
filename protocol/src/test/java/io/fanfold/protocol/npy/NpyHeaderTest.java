package io.fanfold.protocol.npy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fanfold.protocol.array.ArrayFormatException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpyHeaderTest {
    private static final DType FLOAT64 = DType.parse("<f8");

    private static String text(NpyHeader header) {
        byte[] bytes = header.encode();
        return new String(bytes, 10, bytes.length - 10, StandardCharsets.ISO_8859_1);
    }

    @Test
    void aHeaderHasRoomForItsLongestAxisToGrowAndEndsOn64Bytes() {
        byte[] bytes = new NpyHeader(FLOAT64, Shape.of(3, 4), Order.C).encode();

        assertThat(bytes).hasSize(128).startsWith(0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0);
        assertThat(text(new NpyHeader(FLOAT64, Shape.of(3, 4), Order.C)))
                .isEqualTo("{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }" + " ".repeat(58) + "\n");
    }

    @Test
    void fortranOrderIsWrittenOnlyWhereItDiffersFromC() {
        assertThat(text(new NpyHeader(FLOAT64, Shape.of(3, 4), Order.FORTRAN))).contains("'fortran_order': True");
        assertThat(text(new NpyHeader(FLOAT64, Shape.of(12), Order.FORTRAN))).contains("'fortran_order': False");
        assertThat(text(new NpyHeader(FLOAT64, Shape.of(1, 12), Order.FORTRAN))).contains("'fortran_order': False");
        assertThat(text(new NpyHeader(FLOAT64, Shape.of(0, 12), Order.FORTRAN))).contains("'fortran_order': False");
    }

    @Test
    void theLongestAxesCanBeWritten() {
        NpyHeader header = new NpyHeader(DType.parse("|u1"), Shape.of(Long.MAX_VALUE), Order.C);

        assertThat(Npy.readHeader(MemorySegment.ofArray(header.encode()), "longest")
                        .header())
                .isEqualTo(header);
        assertThat(header.dataBytes()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aHeaderAboveOneMebibyteIsRefusedWithTheRemedy() {
        DType dtype = DType.parse("[('" + "n".repeat(1 << 20) + "', '<f8')]");

        assertThatExceptionOfType(ArrayFormatException.class)
                .isThrownBy(() -> new NpyHeader(dtype, Shape.of(2), Order.C).encode())
                .withMessageContaining("passes the 1048576 that are carried: give the dtype fewer or shorter fields");
    }

    @Test
    void anArrayThatDoesNotFitOneValueIsRefusedWithTheRemedy(@TempDir Path directory) throws IOException {
        try (Arena arena = Arena.ofConfined();
                RandomAccessFile sparse =
                        new RandomAccessFile(directory.resolve("sparse").toFile(), "rw")) {
            sparse.setLength(1L << 31);
            MemorySegment data = sparse.getChannel().map(MapMode.READ_ONLY, 0, 1L << 31, arena);
            ArraySlice array = new ArraySlice(DType.parse("|u1"), Shape.of(1L << 31), Order.C, data);

            assertThatExceptionOfType(ArrayFormatException.class)
                    .isThrownBy(() -> Npy.encode(array))
                    .withMessage("uint8 (2147483648,) C has 2147483648 bytes, too many for one value (2147483639):"
                            + " split it first");
        }
    }
}
