package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.producer.split.Split;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.fold.FoldException;
import io.fanfold.protocol.fold.FoldFunction;
import io.fanfold.protocol.fold.FoldTree;
import io.fanfold.protocol.fold.Folds;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.testkit.NumPy;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BinaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fold of the chunks of an array is NumPy's reduction of the array, whatever its dtype, shape, order, axis and plan. */
final class FoldNumPyTest {
    private static final int CASES = 1500;
    private static final long SEED = Long.getLong("fanfold.test.seed", System.nanoTime());

    @TempDir
    private Path directory;

    private final Random random = new Random(SEED);

    /** A line of the list that NumPy wrote: the array is in {@code <number>.npy}. */
    private record Case(Path array, FoldFunction fold, int axis) {
        static Case of(Path directory, String line) {
            String[] words = line.split(" ", -1);
            return new Case(
                    directory.resolve(words[0] + ".npy"),
                    Folds.builtIn().find(new Fold(words[1])).orElseThrow(),
                    Integer.parseInt(words[2]));
        }
    }

    @Test
    void everyFoldIsNumPysReduction() throws IOException {
        NumPy numpy = NumPy.here();
        numpy.run(script("fold_arrays.py"), directory.toString(), Long.toString(SEED), Integer.toString(CASES));
        for (String line : Files.readAllLines(directory.resolve("cases.txt"))) {
            fold(Case.of(directory, line));
        }
        assertThat(numpy.run(script("fold_compare.py"), directory.toString()).strip())
                .as("seed %d", SEED)
                .isEqualTo(CASES + " compared");
    }

    private static String script(String name) throws IOException {
        return Files.readString(Path.of("src/test/fixtures", name));
    }

    private void fold(Case c) throws IOException {
        String name = c.array().getFileName().toString();
        try (Arena arena = Arena.ofConfined()) {
            ArraySlice array = Npy.map(c.array(), arena);
            Files.write(directory.resolve("folded-" + name), Npy.encode(folded(c, array)));
        } catch (FoldException e) {
            Files.writeString(directory.resolve("refused-" + name), e.getMessage());
        }
    }

    private ArraySlice folded(Case c, ArraySlice array) {
        List<ArraySlice> parts = parts(c, array);
        ArraySlice whole = whole(parts, c.fold()::combine);
        ArraySlice result = c.fold().result(whole, array.shape().dim(c.axis()));
        if (c.fold().elementwise()) {
            assertThat(bytes(piecewise(c, parts, array.shape().dim(c.axis()))))
                    .as("seed %d, %s: folded range by range", SEED, c)
                    .isEqualTo(bytes(result));
        }
        return result;
    }

    /** The parts of the chunks that have rows, or of one that has none where there are no others. */
    private List<ArraySlice> parts(Case c, ArraySlice array) {
        Split split = new Split(array, new Plan.Chunks(c.axis(), 1 + random.nextInt(9)));
        List<ArraySlice> chunks = LongStream.range(0, split.count())
                .mapToObj(index -> Npy.decode(MemorySegment.ofArray(split.chunk(index)), "chunk " + index))
                .toList();
        List<ArraySlice> withRows =
                chunks.stream().filter(chunk -> chunk.shape().dim(c.axis()) > 0).toList();
        return (withRows.isEmpty() ? chunks.subList(0, 1) : withRows)
                .stream()
                        .map(chunk -> travelled(c.fold().part(chunk, c.axis())))
                        .toList();
    }

    private static ArraySlice travelled(ArraySlice part) {
        assertThat(part.order()).isEqualTo(Order.C);
        return Npy.decode(MemorySegment.ofArray(Npy.encode(part)), "a part");
    }

    private static ArraySlice whole(List<ArraySlice> parts, BinaryOperator<ArraySlice> combine) {
        FoldTree<ArraySlice> tree = new FoldTree<>(combine);
        parts.forEach(tree::add);
        return tree.whole().orElseThrow();
    }

    private ArraySlice piecewise(Case c, List<ArraySlice> parts, long rows) {
        Shape shape = parts.getFirst().shape();
        List<byte[]> pieces = new ArrayList<>();
        ArraySlice last = null;
        for (long at = 0; last == null || at < shape.size(); ) {
            long start = at;
            long end = Math.min(shape.size(), at + 1 + random.nextInt(40));
            ArraySlice whole =
                    whole(parts.stream().map(part -> range(part, start, end)).toList(), c.fold()::combine);
            last = c.fold().result(whole, rows);
            pieces.add(bytes(last));
            at = end;
        }
        byte[] together =
                new byte[pieces.stream().mapToInt(piece -> piece.length).sum()];
        int at = 0;
        for (byte[] piece : pieces) {
            System.arraycopy(piece, 0, together, at, piece.length);
            at += piece.length;
        }
        return new ArraySlice(last.dtype(), shape, Order.C, MemorySegment.ofArray(together));
    }

    private static ArraySlice range(ArraySlice part, long start, long end) {
        long size = part.dtype().itemSize();
        return new ArraySlice(
                part.dtype(), Shape.of(end - start), Order.C, part.data().asSlice(start * size, (end - start) * size));
    }

    private static byte[] bytes(ArraySlice array) {
        return array.data().toArray(ValueLayout.JAVA_BYTE);
    }

    @Test
    void whatNumPyHasNoReductionForIsRefused() {
        NumPy numpy = NumPy.here();
        List<String> lines = numpy.run(REFUSED).lines().toList();
        assertThat(lines).isNotEmpty();
        for (String line : lines) {
            String[] words = line.split(" ", 2);
            FoldFunction fold = Folds.builtIn().find(new Fold(words[0])).orElseThrow();
            assertThat(refuses(fold, words[1])).as(line).isTrue();
        }
    }

    private static boolean refuses(FoldFunction fold, String descr) {
        try {
            fold.check(DType.parse(descr));
            return false;
        } catch (FoldException e) {
            return e.getMessage().contains("it takes bool, integers");
        }
    }

    /** Prints each fold and dtype that NumPy refuses. */
    private static final String REFUSED = """
        import numpy as np
        folds = dict(sum=np.sum, prod=np.prod, min=np.min, max=np.max, mean=np.mean)
        for descr in ("M8[s]", "m8[s]", "S3", "U2", "V3", [("a", "<i4")]):
            for name, fold in folds.items():
                try:
                    fold(np.zeros(3, dtype=descr), axis=0)
                except TypeError:
                    print(name, np.dtype(descr).descr if isinstance(descr, list) else np.dtype(descr).str)
        """;
}
