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
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpyMapTest {

    @TempDir
    Path directory;

    @Test
    void aFileThatIsNotThereIsNamed() {
        Path file = directory.resolve("missing.npy");

        refused(file, "cannot read " + file + ": no such file; check the path");
    }

    @Test
    void aDirectoryIsNoFile() {
        refused(directory, "cannot read " + directory + ": it is a directory; name the .npy file in it");
    }

    @Test
    void anEmptyFileIsRefused() throws IOException {
        Path file = Files.createFile(directory.resolve("empty.npy"));

        refused(file, file + ": it is empty, so it is no .npy value: write it with np.save");
    }

    @Test
    void aFileShorterThanItsHeaderSaysIsTruncated() throws IOException {
        Path file = Files.write(directory.resolve("short.npy"), Fixtures.bytes("bad/truncated_in_data.npy"));

        refused(
                file,
                file + ": the header says 800 bytes of data for float64 (10, 10), 312 are there: it is truncated;"
                        + " write it again with np.save");
    }

    @Test
    void aFileLongerThanItsHeaderSaysIsRefused() throws IOException {
        Path file = Files.write(directory.resolve("long.npy"), Fixtures.bytes("bad/trailing_byte.npy"));

        refused(
                file,
                file + ": the header says 800 bytes of data for float64 (10, 10), 801 are there: a value holds one"
                        + " array and nothing else; write it again with np.save");
    }

    private static void refused(Path file, String message) {
        try (Arena arena = Arena.ofConfined()) {
            assertThatExceptionOfType(ArrayFormatException.class)
                    .isThrownBy(() -> Npy.map(file, arena))
                    .withMessage(message);
        }
    }

    @Test
    void aFileLargerThanAJavaArrayIsMapped() throws IOException {
        Path file = directory.resolve("large.npy");
        long rows = 3L << 28;
        NpyHeader header = new NpyHeader(DType.parse("<i4"), Shape.of(rows), Order.C);
        byte[] headerBytes = header.encode();
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.write(headerBytes);
            sparse.setLength(headerBytes.length + header.dataBytes());
            sparse.seek(headerBytes.length + header.dataBytes() - 4);
            sparse.write(new byte[] {42, 0, 0, 0});
        }
        try (Arena arena = Arena.ofConfined()) {
            ArraySlice array = Npy.map(file, arena);

            assertThat(array.data().byteSize()).isEqualTo(4 * rows);
            assertThat(array.data().getAtIndex(ValueLayout.JAVA_INT, rows - 1)).isEqualTo(42);
        }
    }
}
