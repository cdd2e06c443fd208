package io.fanfold.producer.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfold.protocol.array.ArrayFormatException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.testkit.NumPy;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonRowsTest {
    /** Writes random arrays as Python writes JSON, and as NumPy does: 40 pairs of {@code n.<dtype>.json} and npy. */
    private static final String ARRAYS = """
        import sys, random, json
        import numpy as np

        where, seed = sys.argv[1], int(sys.argv[2])
        rng, luck = np.random.default_rng(seed), random.Random(seed)
        for n in range(40):
            dtype = luck.choice("float64 float32 float16 int8 int64 uint8 uint64 bool >f8 >i4 <u2".split())
            shape = tuple(luck.randrange(1, 12) for _ in range(luck.randrange(1, 5)))
            kind = np.dtype(dtype).kind
            if kind == "f":
                x = (rng.standard_normal(shape) * 10.0 ** rng.integers(-4, 4, shape)).astype(dtype)
                x[rng.random(shape) < 0.1] = luck.choice([np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0])
            elif kind == "b":
                x = rng.random(shape) < 0.5
            else:
                info = np.iinfo(dtype)
                x = rng.integers(info.min, info.max, shape, dtype=np.dtype(dtype).newbyteorder("="), endpoint=True)
                x = x.astype(dtype)
            np.save(f"{where}/{n}.{dtype}.npy", x)
            with open(f"{where}/{n}.{dtype}.json", "w") as f:
                json.dump(x.tolist(), f, indent=luck.choice([None, 1]))
        """;

    private static final DType FLOATS = NumberType.DEFAULT;

    @TempDir
    private Path directory;

    @Test
    void whatPythonWritesIsTheArrayThatItWas() throws IOException {
        long seed = System.nanoTime() & Integer.MAX_VALUE;
        System.out.println("seed " + seed);
        NumPy.here().run(ARRAYS, directory.toString(), Long.toString(seed));
        try (Stream<Path> files = Files.list(directory).filter(p -> p.toString().endsWith(".json"))) {
            assertThat(files.peek(file -> compare(file, new Random(seed)))).hasSize(40);
        }
    }

    private static void compare(Path json, Random random) {
        String dtype = json.getFileName().toString().split(Pattern.quote("."), -1)[1];
        try (InputStream in = Files.newInputStream(json)) {
            String npy = json.toString().replace(".json", ".npy");
            ArraySlice expected = Npy.decode(MemorySegment.ofArray(Files.readAllBytes(Path.of(npy))), npy);
            JsonRows rows = JsonRows.open(in, NumberType.parse(dtype));
            assertThat(rows.header().shape()).isEqualTo(expected.shape().with(0, 0));
            assertThat(Streams.drain(rows, random))
                    .as(json.toString())
                    .isEqualTo(expected.data().toArray(ValueLayout.JAVA_BYTE));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anArrayThatComesByteByByteIsTheSame() throws IOException {
        byte[] json = " [ [1, 2.5], [\"NaN\", \"-Infinity\"] ] ".getBytes(StandardCharsets.UTF_8);
        Rows rows = JsonRows.open(Streams.dripping(json), DType.parse("<f4"));
        assertThat(rows.header().shape()).isEqualTo(Shape.of(0, 2));
        assertThat(rows.endless()).isTrue();
        assertThat(MemorySegment.ofArray(Streams.drain(rows)).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED))
                .containsExactly(1f, 2.5f, Float.NaN, Float.NEGATIVE_INFINITY);
    }

    @Test
    void anEmptyArrayHasNoRows() throws IOException {
        Rows rows = JsonRows.open(Streams.of("[]"), FLOATS);
        assertThat(rows.header().shape()).isEqualTo(Shape.of(0));
        assertThat(Streams.drain(rows)).isEmpty();
        assertThat(Streams.drain(rows)).isEmpty();
    }

    @Test
    void aLongRowIsRead() throws IOException {
        String row = "[" + "1,".repeat(99_999) + "1]";
        Rows rows = JsonRows.open(Streams.of("[" + row + "," + row + "]"), DType.parse("|u1"));
        assertThat(rows.header().shape()).isEqualTo(Shape.of(0, 100_000));
        assertThat(Streams.drain(rows)).hasSize(200_000).containsOnly(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        float64 | [[1,2],[3]]       | [1] has 1 elements, and those before it have 2
        float64 | [[1,2],[3,4,5]]   | [1] has more than 2 elements, and those before it have 2
        float64 | [[[1],[2]],[[3],[4,5]]] | [1][1] has more than 1 elements
        float64 | [[1],2]           | [1] is no array, and those before it are
        float64 | [1,[2]]           | [1] is an array where a number is wanted
        float64 | [[1],[[2]]]       | [1][0] is an array where a number is wanted
        float64 | [[],[1]]          | [0] has no numbers in it
        float64 | [1,2] [3]         | there is more behind the JSON array
        float64 | [1,2]x            | the JSON cannot be read at [1], line 1, column
        float64 | [1,2              | the JSON ends in the middle of the array, at [1]: send all of it
        float64 | 5                 | the JSON begins with "5", and an array is wanted
        float64 | {"a":[1]}         | the JSON begins with "{", and an array is wanted
        float64 | [{"a":1}]         | [0] is "{"; a float64 is a number
        float64 | [null]            | [0] is "null"
        float64 | [true]            | [0] is "true"
        float64 | ["1.5"]           | [0] is "1.5"
        float64 | ["\\u0031"]       | [0] is "1"
        float64 | [1e999]           | [0] is "1e999"
        int32   | [1, 1.0]          | [1] is "1.0"; a int32 is a whole number from -2147483648 to 2147483647
        int32   | [NaN]             | [0] is "NaN"
        int32   | ["NaN"]           | [0] is "NaN"
        bool    | [true, 2]         | [1] is "2"; a bool is 0, 1, true or false
        """)
    void whatIsNoArrayOfNumbersIsRefusedWithItsPlace(String dtype, String json, String message) {
        assertThatThrownBy(() -> Streams.drain(JsonRows.open(Streams.of(json), NumberType.parse(dtype))))
                .isInstanceOf(ArrayFormatException.class)
                .hasMessageContaining(message);
    }

    @Test
    void nothingIsNoArray() {
        assertThatThrownBy(() -> JsonRows.open(Streams.of(" "), FLOATS))
                .hasMessageStartingWith("the JSON begins with nothing, and an array is wanted");
    }

    @Test
    void aBombIsNotCollected() {
        assertThatThrownBy(() -> JsonRows.open(Streams.of("[".repeat(100_000)), FLOATS))
                .isInstanceOf(ArrayFormatException.class)
                .hasMessageContaining("deeper than 32");
        assertThatThrownBy(() -> JsonRows.open(Streams.of("[" + "1".repeat(2_000_000)), FLOATS))
                .isInstanceOf(ArrayFormatException.class);
        assertThatThrownBy(() -> JsonRows.open(Streams.of("[\"" + "1".repeat(2_000_000)), FLOATS))
                .isInstanceOf(ArrayFormatException.class);
        assertThatThrownBy(() -> JsonRows.open(Streams.endless("[[", "1,"), FLOATS))
                .isInstanceOf(ArrayFormatException.class)
                .hasMessageContaining("is behind the first 16777216 bytes of its row");
    }
}
