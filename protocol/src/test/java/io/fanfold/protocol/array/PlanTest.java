package io.fanfold.protocol.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fanfold.protocol.array.Plan.Chunks;
import io.fanfold.protocol.array.Plan.Range;
import io.fanfold.protocol.array.Plan.Rows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanTest {

    @Test
    void chunksAreCutExactlyAsNumPysArraySplitCutsThem() {
        List<String> cases = arraySplit();
        assertThat(cases).hasSize(41 * 45);
        for (String line : cases) {
            String[] words = line.split(" ");
            long rows = Long.parseLong(words[0]);
            Plan plan = new Chunks(0, Integer.parseInt(words[1]));
            assertThat(lengths(plan, rows)).as(line).isEqualTo(expectedLengths(words));
        }
    }

    private static List<String> arraySplit() {
        try (var file = PlanTest.class.getResourceAsStream("/npy/array_split.txt")) {
            return new String(file.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lengths of a fixture's line: rows, chunks, then {@code length*count} for each run of equal lengths. */
    private static List<Long> expectedLengths(String[] words) {
        return Stream.of(words)
                .skip(2)
                .map(run -> run.split("\\*"))
                .flatMap(run -> Stream.generate(() -> Long.valueOf(run[0])).limit(Long.parseLong(run[1])))
                .toList();
    }

    /** The lengths of a plan's chunks, having checked that each starts where the one before it ends. */
    private static List<Long> lengths(Plan plan, long rows) {
        List<Long> lengths = new ArrayList<>();
        long next = 0;
        for (long i = 0; i < plan.count(rows); i++) {
            Range range = plan.range(i, rows);
            assertThat(range.start()).isEqualTo(next);
            next += range.length();
            lengths.add(range.length());
        }
        assertThat(next).isEqualTo(rows);
        return lengths;
    }

    @ParameterizedTest
    @CsvSource({
        "0, 4, 0",
        "1, 4, 1",
        "3, 4, 3",
        "4, 4, 4",
        "5, 4, 4 1",
        "8, 4, 4 4",
        "9, 4, 4 4 1",
        "3, 1, 1 1 1",
        "5, 9223372036854775807, 5"
    })
    void rowsPerChunkLeaveTheLastOneShorterAndNoRowsMakeOneEmptyChunk(long rows, long perChunk, String lengths) {
        assertThat(lengths(new Rows(0, perChunk), rows))
                .isEqualTo(Stream.of(lengths.split(" ")).map(Long::valueOf).toList());
    }

    @Test
    void plansOfTheLongestAxesDoNotOverflow() {
        long rows = Long.MAX_VALUE;
        Plan rowsPlan = new Rows(0, 1L << 40);
        Plan chunksPlan = new Chunks(0, Integer.MAX_VALUE);

        Range last = rowsPlan.range(rowsPlan.count(rows) - 1, rows);
        assertThat(last.start() + last.length()).isEqualTo(rows);
        last = chunksPlan.range(chunksPlan.count(rows) - 1, rows);
        assertThat(last.start() + last.length()).isEqualTo(rows);
    }

    @Test
    void aChunkThatIsNotThereIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Chunks(0, 3).range(3, 10))
                .withMessage("chunk 3: the plan cuts 10 rows into chunks 0 to 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Rows(0, 4).range(-1, 10))
                .withMessage("chunk -1: the plan cuts 10 rows into chunks 0 to 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Rows(0, 4).count(-1))
                .withMessage("-1 rows: an axis has 0 or more");
    }

    @Test
    void aPlanThatCannotCutIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Chunks(0, 0))
                .withMessage("a plan of 0 chunks: ask for at least 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Rows(0, 0))
                .withMessage("a plan of 0 rows per chunk: ask for at least 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Rows(-1, 5))
                .withMessage("a plan along axis -1: count axes from 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Range(3, -1))
                .withMessage("rows from 3, -1 of them: neither is negative");
    }
}
