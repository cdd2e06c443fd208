package io.fanfold.protocol.npy;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.Order;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The golden files that NumPy itself wrote: {@code src/test/fixtures/make_fixtures.py}. */
final class Fixtures {
    private Fixtures() {}

    /** What NumPy says of a good file; {@code "-"} for a descr or name that is not repeated outside the file. */
    record Good(
            String file,
            boolean asNumPySaves,
            Order order,
            String shape,
            int itemSize,
            String descr,
            String littleEndian,
            String name) {

        byte[] bytes() {
            return Fixtures.bytes("good/" + file);
        }

        ArraySlice array() {
            return Npy.decode(MemorySegment.ofArray(bytes()), file);
        }

        @Override
        public String toString() {
            return file;
        }
    }

    static Stream<Good> good() {
        return lines("good.tsv").stream().map(line -> line.split("\t")).map(Fixtures::good);
    }

    private static Good good(String[] cells) {
        return new Good(
                cells[0],
                cells[1].equals("yes"),
                Order.valueOf(cells[2]),
                cells[3],
                Integer.parseInt(cells[4]),
                cells[5],
                cells[6],
                cells[7]);
    }

    static List<String> badFiles() {
        try (Stream<Path> files = Files.list(path("bad"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] bytes(String file) {
        try {
            return Files.readAllBytes(path(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(path(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path path(String file) {
        try {
            return Path.of(Objects.requireNonNull(Fixtures.class.getResource("/npy/" + file), file)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
