package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.aggregator.AggregatorSettings;
import io.fanfold.aggregator.catalog.Policy;
import io.fanfold.aggregator.store.Publisher;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.ErrorPolicy;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.RandomArrays;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrays whose length nobody knows until they are sealed become the results that they would be if it had been known. */
@SuppressWarnings("NullAway.Init") // what is static here is there before the first test
final class StreamsIT {
    private static final DType INT64 = DType.parse("<i8");
    private static final ErrorPolicy FAIL_FAST = new ErrorPolicy.FailFast();
    private static final ErrorPolicy KEEP_GOING = new ErrorPolicy.KeepGoing(1);

    private static Fleet fleet;
    private static KafkaSettings kafka;

    @BeforeAll
    static void start() {
        fleet = Fleet.on(BrokerKind.IN_JVM);
        kafka = fleet.kafka();
        fleet.worker("worker-1");
        Policy d = Policy.DEFAULT;
        Policy checking = new Policy(
                d.purgeAfter(),
                d.abandonAfter(),
                d.keepResults(),
                d.forgetAfter(),
                d.purgeEvery(),
                Duration.ofMillis(200),
                d.checkpointBytes());
        fleet.aggregator(
                new AggregatorSettings(kafka, "only", fleet.store("results"), Optional.empty()).with(checking));
    }

    @AfterAll
    static void stop() {
        fleet.close();
    }

    /** 23 rows of 3 whole numbers. */
    private static ArraySlice array() {
        return new RandomArrays(7).of(INT64, Shape.of(23, 3), Order.C);
    }

    private static byte[] result(HandStream job) throws IOException {
        return job.result(kafka, fleet.store("results"));
    }

    private static Path file(String name) {
        return fleet.store("results").resolve(name);
    }

    private static byte[] sum(ArraySlice array) {
        int width = (int) array.shape().dim(1);
        long[] sums = new long[width];
        for (int at = 0; at < array.shape().size(); at++) {
            sums[at % width] += array.data().get(ValueLayout.JAVA_LONG_UNALIGNED, (long) at * Long.BYTES);
        }
        return Npy.encode(new ArraySlice(INT64, Shape.of(width), Order.C, MemorySegment.ofArray(sums)));
    }

    @ParameterizedTest
    @CsvSource({"C, 0, 5", "C, 1, 2", "FORTRAN, 0, 5", "FORTRAN, 1, 1", "C, 0, 23", "C, 1, 4"})
    void aStreamThatIsSealedWhenAllItsOutcomesAreThereIsItsArray(Order order, int axis, long rowsPerChunk)
            throws Exception {
        ArraySlice array = new RandomArrays(7).of(INT64, Shape.of(23, 3), order);
        HandStream job = HandStream.of(array, axis, rowsPerChunk);
        job.accept(kafka);
        job.chunks(kafka, 0, job.count());
        JobState.Progress before = job.untilDone(kafka, job.count());
        assertThat(before.count()).isEmpty();
        assertThat(before.rows()).isEmpty();
        assertThat(before.millisLeft()).isEmpty();
        assertThat(before.doneBelow()).isEqualTo(job.count());
        assertThat(job.said(kafka, JobState.Terminal.class)).isEmpty();

        job.seal(kafka);

        assertThat(result(job)).isEqualTo(Npy.encode(array));
        JobState.Progress after = job.said(kafka, JobState.Progress.class).getLast();
        assertThat(after.count()).hasValue(job.count());
        assertThat(after.rows()).isEqualTo(OptionalLong.of(array.shape().dim(axis)));
        assertThat(after.rowsDone()).isEqualTo(array.shape().dim(axis));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 4})
    void aStreamMayBeSealedBeforeItsOutcomesAreThere(int before) throws Exception {
        HandStream job = HandStream.of(array(), 0, 5);
        job.accept(kafka);
        job.chunks(kafka, 0, before);
        if (before > 0) {
            job.untilDone(kafka, before);
        }

        job.seal(kafka);
        job.chunks(kafka, before, job.count());

        assertThat(result(job)).isEqualTo(Npy.encode(array()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStreamFolds(boolean sealedFirst) throws Exception {
        HandStream job = HandStream.of(array(), 0, 5, "identity", new Fold("sum"), FAIL_FAST);
        job.accept(kafka);
        job.chunks(kafka, 0, 3);
        job.untilDone(kafka, 3);

        if (sealedFirst) {
            job.seal(kafka);
            job.chunks(kafka, 3, job.count());
        } else {
            job.chunks(kafka, 3, job.count());
            job.untilDone(kafka, job.count());
            job.seal(kafka);
        }

        assertThat(result(job)).isEqualTo(sum(array()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anEmptyStreamIsAnArrayWithoutRows(boolean sealedFirst) throws Exception {
        ArraySlice empty = new RandomArrays(7).of(INT64, Shape.of(0, 3), Order.C);
        HandStream job = HandStream.of(empty, 0, 5);
        job.accept(kafka);
        if (sealedFirst) {
            job.seal(kafka);
        }
        job.chunks(kafka, 0, 1);
        if (!sealedFirst) {
            job.untilDone(kafka, 1);
            job.seal(kafka);
        }

        assertThat(result(job)).isEqualTo(Npy.encode(empty));
    }

    /** The chunk that fails is the last, whose rows are known with the seal only. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStreamThatKeepsGoingHasZerosAndAMaskWhereChunksFailed(boolean sealedFirst) throws Exception {
        ArraySlice array = new RandomArrays(7).of(INT64, Shape.of(8, 2), Order.C);
        HandStream job = HandStream.of(array, 0, 3, "abs", Fold.CONCAT, KEEP_GOING);
        job.accept(kafka);
        job.chunks(kafka, 0, 2);
        if (sealedFirst) {
            job.seal(kafka);
        }
        job.write(kafka, 2, Npy.encode(new RandomArrays(7).of(DType.parse("|S3"), Shape.of(2, 2), Order.C)));
        if (!sealedFirst) {
            job.untilDone(kafka, 3);
            job.seal(kafka);
        }

        long[] expected = new long[16];
        for (int at = 0; at < 12; at++) {
            expected[at] = Math.abs(array.data().get(ValueLayout.JAVA_LONG_UNALIGNED, (long) at * Long.BYTES));
        }
        assertThat(result(job))
                .isEqualTo(Npy.encode(new ArraySlice(INT64, array.shape(), Order.C, MemorySegment.ofArray(expected))));
        byte[] mask = Npy.encode(new ArraySlice(
                DType.parse("|b1"), Shape.of(8), Order.C, MemorySegment.ofArray(new byte[] {0, 0, 0, 0, 0, 0, 1, 1})));
        assertThat(file(Publisher.mask(job.id()))).hasBinaryContent(mask);
        assertThat(Files.readString(file(Publisher.errors(job.id())), StandardCharsets.UTF_8))
                .contains("\"index\":2,\"start\":6,\"rows\":2,");
    }

    @Test
    void aStreamThatFailsFastEndsBeforeItIsSealed() {
        HandStream job = HandStream.of(array(), 0, 5, "abs", Fold.CONCAT, FAIL_FAST);
        job.accept(kafka);
        job.write(kafka, 2, Npy.encode(new RandomArrays(7).of(DType.parse("|S3"), Shape.of(5, 3), Order.C)));

        assertThat(job.end(kafka).end()).isEqualTo(JobState.End.FAILED);
        assertThat(job.end(kafka).error().orElseThrow()).contains("chunk 2 (from row 10 on along axis 0)");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void chunksBehindTheEndThatTheSealSaysDoNotCount(boolean sealedFirst) throws Exception {
        HandStream job = HandStream.of(array(), 0, 5);
        HandStream other = HandStream.of(array(), 0, 4);
        other.accept(kafka);
        other.chunks(kafka, 0, 2);
        other.untilDone(kafka, 2);
        job.accept(kafka);
        if (sealedFirst) {
            job.seal(kafka);
        }
        byte[] stray = Npy.encode(new RandomArrays(9).of(INT64, Shape.of(5, 3), Order.C));
        job.write(kafka, job.count(), stray);
        job.write(kafka, 1000, stray);
        if (!sealedFirst) {
            job.untilDone(kafka, 2);
        }
        job.chunks(kafka, 0, job.count());
        if (!sealedFirst) {
            job.untilDone(kafka, 2 + job.count());
            job.seal(kafka);
        }

        assertThat(result(job)).isEqualTo(Npy.encode(array()));
        other.chunks(kafka, 2, other.count());
        other.seal(kafka);
        assertThat(result(other)).as("a job beside it").isEqualTo(Npy.encode(array()));
    }

    @Test
    void aSealThatThePlanContradictsCountsForNothing() throws Exception {
        HandStream job = HandStream.of(array(), 0, 5);
        job.accept(kafka);
        job.chunks(kafka, 0, job.count());
        job.untilDone(kafka, job.count());
        job.seal(kafka, job.count() - 1, 23);
        job.seal(kafka, job.count(), 26);

        job.seal(kafka);

        assertThat(result(job)).isEqualTo(Npy.encode(array()));
    }

    @Test
    void aSealThatMakesMoreElementsThanCanBeCountedEndsItsJobAndNoOther() throws Exception {
        HandStream giant = HandStream.of(array(), 0, 100_000_000_000L);
        giant.accept(kafka);
        Shape nothing = Shape.of(100_000_000_000L, 0, 10);
        giant.write(kafka, 0, Npy.encode(new RandomArrays(7).of(INT64, nothing, Order.C)));
        giant.untilDone(kafka, 1);

        giant.seal(kafka, 10_000_000, 1_000_000_000_000_000_000L);

        assertThat(giant.end(kafka).end()).isEqualTo(JobState.End.FAILED);
        assertThat(giant.end(kafka).error().orElseThrow()).contains("more elements");
        HandStream next = HandStream.of(array(), 0, 5);
        next.accept(kafka);
        next.chunks(kafka, 0, next.count());
        next.seal(kafka);
        assertThat(result(next)).isEqualTo(Npy.encode(array()));
    }

    @Test
    void theResultOfAStreamIsMadeAgainFromItsOutcomes() throws Exception {
        ArraySlice large = new RandomArrays(7).of(INT64, Shape.of(5000, 3), Order.C);
        HandStream job = HandStream.of(large, 0, 300);
        job.accept(kafka);
        job.chunks(kafka, 0, job.count());
        job.untilDone(kafka, job.count());
        job.seal(kafka);
        assertThat(result(job)).isEqualTo(Npy.encode(large));

        Path result = file(Publisher.result(job.id()));
        Files.delete(result);

        await().atMost(Fleet.LONG)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(result).hasBinaryContent(Npy.encode(large)));
        assertThat(job.said(kafka, JobState.Gone.class)).isEmpty();
    }
}
