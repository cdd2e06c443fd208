package io.fanfold.aggregator.intake;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fanfold.aggregator.store.Publisher;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.fold.FoldFunction;
import io.fanfold.protocol.fold.Folds;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.Outcome;
import io.fanfold.protocol.wire.ResultInfo;
import io.fanfold.testkit.RandomArrays;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From outcomes in any order to the result. */
final class PublishedResultTest {
    private static final int JOBS = 120;

    @TempDir
    private Path directory;

    private Desk desk;

    @BeforeEach
    void open() {
        desk = new Desk(directory);
    }

    @AfterEach
    void close() throws IOException {
        desk.close();
    }

    @Test
    void theResultIsWhatNumPyWouldConcatenateHoweverOutcomesCome() throws IOException {
        for (long seed = 0; seed < JOBS; seed++) {
            RandomJob job = new RandomJob(seed, Optional.empty(), RandomArrays.dtypes());
            List<Outcome> outcomes = job.outcomes();

            byte[] result = desk.published(job, outcomes);

            assertThat(result).as("seed %d: %s", seed, job.spec).isEqualTo(Concatenation.of(job, job.holes(outcomes)));
        }
    }

    @Test
    void theMaskHasEachRowWhoseChunkFailedAndTheErrorsEachOfTheseChunksOnce() throws IOException {
        for (long seed = 0; seed < JOBS; seed++) {
            RandomJob job = new RandomJob(seed, Optional.empty(), List.of(DType.parse("|u1")));
            List<Outcome> outcomes = job.outcomes();
            BitSet holes = job.holes(outcomes);

            desk.published(job, outcomes);

            if (holes.isEmpty()) {
                assertThat(desk.results.find(Publisher.mask(job.spec.job()))).isEmpty();
                continue;
            }
            long rows = job.spec.header().rows().orElseThrow();
            List<Integer> mask = new ArrayList<>();
            List<Integer> failed = holes.stream().boxed().toList();
            for (int chunk = 0; chunk < job.count(); chunk++) {
                long length = job.spec.plan().range(chunk, rows).length();
                mask.addAll(Collections.nCopies((int) length, holes.get(chunk) ? 1 : 0));
            }
            assertThat(desk.mask(job.spec.job())).as("seed %d", seed).isEqualTo(mask);
            assertThat(errors(job)).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(failed);
        }
    }

    private List<Integer> errors(RandomJob job) throws IOException {
        JsonNode errors = new ObjectMapper().readTree(desk.file(Publisher.errors(job.spec.job())));
        assertThat(errors.path("job").textValue()).isEqualTo(job.spec.job().value());
        List<Integer> indices = new ArrayList<>();
        for (JsonNode error : errors.path("errors")) {
            int chunk = error.path("index").intValue();
            var range = job.spec.plan().range(chunk, job.spec.header().rows().orElseThrow());
            assertThat(error.path("start").longValue()).isEqualTo(range.start());
            assertThat(error.path("rows").longValue()).isEqualTo(range.length());
            assertThat(error.path("error").textValue()).isEqualTo("java.lang.Bad");
            assertThat(error.path("message").textValue()).isEqualTo("no \"" + chunk + "\"\n");
            assertThat(error.path("function").textValue()).isEqualTo("f@1");
            assertThat(error.path("worker").textValue()).isEqualTo("w1");
            assertThat(error.path("attempts").intValue()).isEqualTo(3);
            indices.add(chunk);
        }
        return indices;
    }

    @Test
    void theResultSaysWhatItIsAndWhatItWasMadeFrom() throws IOException {
        for (long seed = 0; seed < 20; seed++) {
            RandomJob job = new RandomJob(seed, Optional.empty(), RandomArrays.dtypes());
            List<Outcome> outcomes = job.outcomes();
            Growing growing = desk.begin(job);
            int last = 0;
            for (int i = 0; i < outcomes.size() && !growing.assembly.complete(); i++, last++) {
                growing.accept(outcomes.get(i), 100 + i, 0);
            }

            ResultInfo info = desk.publisher.publish(growing.whole());

            byte[] file = desk.result(job.spec.job());
            ArraySlice array = Npy.decode(MemorySegment.ofArray(file), "result");
            CRC32C crc = new CRC32C();
            crc.update(file);
            String base = "http://h:1/v1/jobs/" + job.spec.job();
            int holes = job.holes(outcomes).cardinality();
            assertThat(info)
                    .as("seed %d", seed)
                    .isEqualTo(new ResultInfo(
                            array.dtype().descr(),
                            array.shape().toString(),
                            file.length,
                            HexFormat.of().toHexDigits((int) crc.getValue()),
                            desk.results.uri(Publisher.result(job.spec.job())).toString(),
                            Optional.of(base + "/result"),
                            file.length <= ResultInfo.INLINE_BYTES
                                    ? Optional.of(ByteBuffer.wrap(file))
                                    : Optional.empty(),
                            holes == 0
                                    ? Optional.empty()
                                    : Optional.of(new ResultInfo.Holes(
                                            holes, Optional.of(base + "/mask"), Optional.of(base + "/errors"))),
                            Optional.of(new ResultInfo.Origin(desk.results.id(), "a-1", 0, 100 + last - 1))));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sum",
                "sum:all",
                "mean",
                "mean:all",
                "min",
                "max",
                "max:all",
                "prod",
                "any",
                "all:all",
                "count",
                "joined"
            })
    void aFoldHasTheSameBitsWhateverTheOrderAndWhoeverMadeTheParts(String name) throws IOException {
        FoldFunction fold = name.equals("joined")
                ? new JoinedBytes()
                : Folds.builtIn().find(new Fold(name)).orElseThrow();
        List<DType> numbers = List.of(DType.parse("<f4"), DType.parse(">f8"), DType.parse("<i2"), DType.parse("|u1"));
        int folded = 0;
        for (long seed = 0; seed < 30; seed++) {
            RandomJob job = new RandomJob(seed, Optional.of(fold), numbers);
            if (nothing(job)) {
                continue;
            }
            List<Outcome> inOrder = IntStream.range(0, job.count())
                    .mapToObj(chunk -> job.failing.get(chunk) ? (Outcome) job.failed(chunk) : job.computed(chunk))
                    .toList();
            byte[] result = desk.published(job, inOrder);
            for (int again = 0; again < 3; again++) {
                List<Outcome> shuffled = new ArrayList<>(inOrder);
                Collections.shuffle(shuffled, new Random(seed + again));
                assertThat(desk.published(job, shuffled)).as("seed %d", seed).isEqualTo(result);
            }
            folded++;
        }
        assertThat(folded).isGreaterThan(5);
    }

    /** Whether no chunk that is computed has elements; some folds have no result then. */
    private static boolean nothing(RandomJob job) {
        return IntStream.range(0, job.count())
                .filter(chunk -> !job.failing.get(chunk))
                .allMatch(chunk -> job.answers.get(chunk).shape().size() == 0);
    }

    @Test
    void partsThatDoNotCommuteAreCombinedInChunkOrder() throws IOException {
        for (long seed = 0; seed < JOBS; seed++) {
            JoinedBytes fold = new JoinedBytes();
            RandomJob job = new RandomJob(seed, Optional.of(fold), RandomArrays.dtypes());
            List<Outcome> outcomes = job.outcomes();
            BitSet holes = job.holes(outcomes);
            List<ArraySlice> parts = new ArrayList<>(List.of(JoinedBytes.bytes(new byte[0])));
            for (int chunk = 0; chunk < job.count(); chunk++) {
                if (!holes.get(chunk)) {
                    parts.add(fold.part(job.answers.get(chunk), job.spec.plan().axis()));
                }
            }

            assertThat(desk.published(job, outcomes))
                    .as("seed %d", seed)
                    .isEqualTo(Npy.encode(Concatenation.joined(parts, 0, Order.C)));
        }
    }

    @Test
    void sumsAndMaximaOfIntegersAreThoseOfALoop() throws IOException {
        for (long seed = 0; seed < JOBS; seed++) {
            boolean sum = seed % 2 == 0;
            FoldFunction fold =
                    Folds.builtIn().find(new Fold(sum ? "sum" : "max")).orElseThrow();
            RandomJob job = new RandomJob(seed, Optional.of(fold), List.of(DType.parse("<i8")));
            if (nothing(job)) {
                continue;
            }
            List<Outcome> outcomes = job.outcomes();

            byte[] result = desk.published(job, outcomes);

            ArraySlice array = Npy.decode(MemorySegment.ofArray(result), "result");
            assertThat(result).as("seed %d", seed).isEqualTo(Npy.encode(loop(job, job.holes(outcomes), sum)));
            assertThat(array.dtype()).isEqualTo(DType.parse("<i8"));
        }
    }

    private static ArraySlice loop(RandomJob job, BitSet holes, boolean sum) {
        int axis = job.spec.plan().axis();
        var shape = job.answers.getFirst().shape().without(axis);
        long[] folded = new long[(int) shape.size()];
        Arrays.fill(folded, sum ? 0 : Long.MIN_VALUE);
        for (int chunk = 0; chunk < job.count(); chunk++) {
            ArraySlice answer = job.answers.get(chunk);
            for (long element = 0; !holes.get(chunk) && element < answer.shape().size(); element++) {
                long[] at = Concatenation.index(answer.shape(), element);
                long value = answer.data()
                        .get(
                                ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN),
                                Concatenation.offset(answer, at));
                int to = 0;
                for (int i = 0; i < at.length; i++) {
                    to = i == axis ? to : (int) (to * answer.shape().dim(i) + at[i]);
                }
                folded[to] = sum ? folded[to] + value : Math.max(folded[to], value);
            }
        }
        ByteBuffer bytes = ByteBuffer.allocate(folded.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(folded);
        return new ArraySlice(DType.parse("<i8"), shape, Order.C, MemorySegment.ofArray(bytes.array()));
    }
}
