package io.fanfold.producer.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.array.ArrayFormatException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.testkit.NumPy;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvRowsTest {
    /** Writes random tables as text, and what np.loadtxt reads of them: 40 pairs of {@code n.<dtype>.<delimiter>.csv} and npy. */
    private static final String TABLES = """
        import sys, random
        import numpy as np

        where, seed = sys.argv[1], int(sys.argv[2])
        rng, luck = np.random.default_rng(seed), random.Random(seed)
        for n in range(40):
            dtype = luck.choice("float64 float32 float16 int8 int64 uint8 uint64 >f8 >i4 <u2".split())
            delimiter, name = luck.choice([(",", "comma"), (";", "semicolon"), (" ", "blank"), ("\\t", "tab")])
            end = luck.choice(["\\n", "\\r\\n"])
            shape = (luck.randrange(1, 60), luck.randrange(1, 6))
            kind = np.dtype(dtype).kind
            if kind == "f":
                with np.errstate(all="ignore"):
                    values = rng.standard_normal(shape) * 10.0 ** rng.integers(-4, 4, shape)
                values[rng.random(shape) < 0.1] = luck.choice([np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0])
                form = luck.choice(["%r", "%.3f", "%.20e", "%.17g", "%.6G", "%+.0f", "%.1f"])
            else:
                info = np.iinfo(dtype)
                values = rng.integers(info.min, info.max, shape, dtype=np.dtype(dtype).newbyteorder("="), endpoint=True)
                form = luck.choice(["%d", "%+d"])
            with open(f"{where}/{n}.{dtype}.{name}.csv", "w", newline="") as f:
                f.write(luck.choice(["", "# a comment" + end, end]))
                for row in values:
                    pad = luck.choice(["", " "])
                    cells = [pad + form % (float(v) if kind == "f" else int(v)) for v in row]
                    f.write(delimiter.join(cells) + luck.choice(["", " # comment"]) + end + luck.choice(["", "", end]))
            x = np.loadtxt(f"{where}/{n}.{dtype}.{name}.csv", dtype=dtype, delimiter=None if name == "blank" else delimiter, ndmin=2)
            np.save(f"{where}/{n}.{dtype}.{name}.npy", x[:, 0] if x.shape[1] == 1 else x)
        """;

    @TempDir
    private Path directory;

    @Test
    void whatIsReadIsWhatLoadtxtReads() throws IOException {
        long seed = System.nanoTime() & Integer.MAX_VALUE;
        System.out.println("seed " + seed);
        NumPy.here().run(TABLES, directory.toString(), Long.toString(seed));
        try (Stream<Path> tables =
                Files.list(directory).filter(p -> p.toString().endsWith(".csv"))) {
            assertThat(tables.peek(table -> compare(table, new Random(seed)))).hasSize(40);
        }
    }

    private static void compare(Path table, Random random) {
        String[] name = table.getFileName().toString().split(Pattern.quote("."), -1);
        String delimiter = switch (name[2]) {
            case "comma" -> ",";
            case "semicolon" -> ";";
            case "blank" -> " ";
            default -> "\\t";
        };
        CsvFormat format = CsvFormat.parse(Optional.of(name[1]), Optional.of(delimiter), Optional.empty());
        try (InputStream in = Files.newInputStream(table)) {
            String npy = table.toString().replace(".csv", ".npy");
            ArraySlice expected = Npy.decode(MemorySegment.ofArray(Files.readAllBytes(Path.of(npy))), npy);
            CsvRows rows = CsvRows.open(in, format);
            assertThat(rows.header().shape()).isEqualTo(expected.shape().with(0, 0));
            assertThat(rows.header().dtype()).isEqualTo(expected.dtype());
            assertThat(Streams.drain(rows, random))
                    .as(table.toString())
                    .isEqualTo(expected.data().toArray(ValueLayout.JAVA_BYTE));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1\n2\n3\n", "1\r\n2\r\n3", "1\r2\r3\r", "\uFEFF1\n\n\n2\n3", "# x\n 1 # y\n2\t\n3\n  \n"})
    void oneNumberInALineMakesAnArrayOfOneAxis(String csv) throws IOException {
        Rows rows = CsvRows.open(Streams.of(csv), CsvFormat.DEFAULT);
        assertThat(rows.header().shape()).isEqualTo(Shape.of(0));
        assertThat(rows.endless()).isTrue();
        assertThat(doubles(Streams.drain(rows))).containsExactly(1, 2, 3);
    }

    @Test
    void aTextThatComesByteByByteIsTheSame() throws IOException {
        byte[] csv = "\uFEFFa,b\r\n1,2\r\n3,4.25".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        CsvFormat format = CsvFormat.parse(Optional.empty(), Optional.empty(), Optional.of("1"));
        Rows rows = CsvRows.open(Streams.dripping(csv), format);
        assertThat(rows.header().shape()).isEqualTo(Shape.of(0, 2));
        assertThat(doubles(Streams.drain(rows))).containsExactly(1, 2, 3, 4.25);
    }

    @Test
    void linesAreReadAcrossTheEndsOfTheBuffer() throws IOException {
        StringBuilder csv = new StringBuilder();
        for (int i = 0; i < 50_000; i++) {
            csv.append(i).append(',').append(-i).append(i % 3 == 0 ? "\r\n" : "\n");
        }
        double[] read = doubles(Streams.drain(CsvRows.open(Streams.of(csv.toString()), CsvFormat.DEFAULT)));
        assertThat(read).hasSize(100_000);
        for (int i = 0; i < 50_000; i++) {
            assertThat(read[2 * i]).isEqualTo(i);
            assertThat(read[2 * i + 1]).isEqualTo(-(double) i);
        }
    }

    @Test
    void noLinesAreAnArrayWithoutRows() throws IOException {
        Rows rows = CsvRows.open(Streams.of("# nothing\n\n"), CsvFormat.DEFAULT);
        assertThat(rows.header().shape()).isEqualTo(Shape.of(0));
        assertThat(Streams.drain(rows)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        float64 | 1,x        | line 1, column 2 is "x"; a float64 is a number such as -1.5e3, nan or inf
        float64 | 1,         | line 1, column 2 is nothing
        float64 | 0x1p3      | line 1, column 1 is "0x1p3"
        float64 | 1_0        | line 1, column 1 is "1_0"
        float64 | 1d         | line 1, column 1 is "1d"
        float64 | .          | line 1, column 1 is "."
        float64 | 1e         | line 1, column 1 is "1e"
        float64 | 1e999      | line 1, column 1 is "1e999"
        float32 | 1e39       | line 1, column 1 is "1e39"
        float16 | 70000      | line 1, column 1 is "70000"
        uint8   | 256        | line 1, column 1 is "256"; a uint8 is a whole number from 0 to 255
        int8    | -129       | a int8 is a whole number from -128 to 127
        uint8   | -1         | line 1, column 1 is "-1"
        int64   | 9223372036854775808 | from -9223372036854775808 to 9223372036854775807
        uint64  | 18446744073709551616 | from 0 to 18446744073709551615
        int32   | 1.0        | line 1, column 1 is "1.0"
        bool    | 2          | line 1, column 1 is "2"; a bool is 0, 1, true or false
        float64 | "1"        | numbers are written without quotes
        """, quoteCharacter = '`')
    void whatIsNoNumberIsRefusedWithItsPlace(String dtype, String csv, String message) {
        CsvFormat format = CsvFormat.parse(Optional.of(dtype), Optional.empty(), Optional.empty());
        assertThatThrownBy(() -> CsvRows.open(Streams.of(csv), format))
                .isInstanceOf(ArrayFormatException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aLineWithOtherColumnsIsRefused() throws IOException {
        Rows rows = CsvRows.open(Streams.of("1,2\n3,4\n\n5,6,7\n"), CsvFormat.DEFAULT);
        assertThatThrownBy(() -> Streams.drain(rows))
                .hasMessage("line 4 has 3 columns, the first one had 2: give every line as many, and name the delimiter"
                        + " if it is not \",\"");
    }

    @Test
    void aLineThatDoesNotEndIsNotCollected() {
        assertThatThrownBy(() -> CsvRows.open(Streams.endless("", "1"), CsvFormat.DEFAULT))
                .isInstanceOf(ArrayFormatException.class)
                .hasMessageStartingWith("line 1 is longer than 1048576 bytes");
    }

    @Test
    void aFormatThatIsNoneIsRefused() {
        assertThatThrownBy(() -> format("complex128", ",", "0"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("dtype is \"complex128\"");
        assertThatThrownBy(() -> format("nonsense", ",", "0")).hasMessageStartingWith("dtype is \"nonsense\"");
        assertThatThrownBy(() -> format("float64", "--", "0")).hasMessageStartingWith("delimiter is \"--\"");
        assertThatThrownBy(() -> format("float64", "e", "0")).hasMessageStartingWith("delimiter is \"e\"");
        assertThatThrownBy(() -> format("float64", ",", "-1")).hasMessageStartingWith("skip-rows is -1");
        assertThatThrownBy(() -> format("float64", ",", "many")).hasMessageStartingWith("skip-rows is \"many\"");
    }

    private static CsvFormat format(String dtype, String delimiter, String skipRows) {
        return CsvFormat.parse(Optional.of(dtype), Optional.of(delimiter), Optional.of(skipRows));
    }

    private static double[] doubles(byte[] bytes) {
        double[] values = new double[bytes.length / Double.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(values);
        return values;
    }
}
