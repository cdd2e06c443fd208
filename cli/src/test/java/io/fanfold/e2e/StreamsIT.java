package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.aggregator.Aggregator;
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
import io.fanfold.protocol.wire.Records;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.RandomArrays;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrays whose length nobody knows until they are sealed become the results that they would be if it had been known. */
@SuppressWarnings("NullAway.Init") // what is here is there before each test
final class StreamsIT {
    private static final DType INT64 = DType.parse("<i8");
    private static final Duration SOON = Duration.ofMillis(200);
    private static final Duration LATE = Duration.ofHours(1);
    private static final ErrorPolicy FAIL_FAST = new ErrorPolicy.FailFast();
    private static final ErrorPolicy KEEP_GOING = new ErrorPolicy.KeepGoing(1);

    private Fleet fleet;

    @BeforeEach
    void start() {
        fleet = Fleet.on(BrokerKind.IN_JVM);
    }

    @AfterEach
    void stop() {
        fleet.close();
    }

    private Aggregator aggregator(String store, Duration abandonAfter) {
        Policy policy = new Policy(LATE, abandonAfter, Optional.empty(), LATE, Optional.of(SOON), SOON, 1);
        return fleet.aggregator(
                new AggregatorSettings(fleet.kafka(), "only", fleet.store(store), Optional.empty()).with(policy));
    }

    private void roles() {
        fleet.worker("worker-1");
        aggregator("results", LATE);
    }

    /** 23 rows of 3 whole numbers. */
    private static ArraySlice array() {
        return new RandomArrays(7).of(INT64, Shape.of(23, 3), Order.C);
    }

    private <T extends JobState> List<T> said(HandStream job, Class<T> kind) {
        return Raw.read(fleet.kafka(), fleet.kafka().topics().states()).stream()
                .flatMap(record -> Records.state(record).stream())
                .filter(state -> state.job().equals(job.id()) && kind.isInstance(state))
                .map(kind::cast)
                .toList();
    }

    private JobState.Progress untilDone(HandStream job, long chunks) {
        await().atMost(Fleet.LONG)
                .until(() -> said(job, JobState.Progress.class).stream().anyMatch(p -> p.done() == chunks));
        return said(job, JobState.Progress.class).getLast();
    }

    private JobState.Terminal end(HandStream job) {
        await().atMost(Fleet.LONG)
                .until(() -> !said(job, JobState.Terminal.class).isEmpty());
        List<JobState.Terminal> ends = said(job, JobState.Terminal.class);
        assertThat(ends).hasSize(1);
        return ends.getFirst();
    }

    private byte[] result(HandStream job) throws IOException {
        return result(job, "results");
    }

    private byte[] result(HandStream job, String store) throws IOException {
        assertThat(end(job)).extracting(JobState.Terminal::end).isEqualTo(JobState.End.COMPLETED);
        return Files.readAllBytes(file(store, Publisher.result(job.id())));
    }

    private Path file(String store, String name) {
        return fleet.store(store).resolve(name);
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
        roles();
        ArraySlice array = new RandomArrays(7).of(INT64, Shape.of(23, 3), order);
        HandStream job = HandStream.of(array, axis, rowsPerChunk);
        job.accept(fleet.kafka());
        job.chunks(fleet.kafka(), 0, job.count());
        JobState.Progress before = untilDone(job, job.count());
        assertThat(before.count()).isEmpty();
        assertThat(before.rows()).isEmpty();
        assertThat(before.millisLeft()).isEmpty();
        assertThat(before.doneBelow()).isEqualTo(job.count());
        assertThat(said(job, JobState.Terminal.class)).isEmpty();

        job.seal(fleet.kafka());

        assertThat(result(job)).isEqualTo(Npy.encode(array));
        JobState.Progress after = said(job, JobState.Progress.class).getLast();
        assertThat(after.count()).hasValue(job.count());
        assertThat(after.rows()).isEqualTo(OptionalLong.of(array.shape().dim(axis)));
        assertThat(after.rowsDone()).isEqualTo(array.shape().dim(axis));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 4})
    void aStreamMayBeSealedBeforeItsOutcomesAreThere(int before) throws Exception {
        roles();
        HandStream job = HandStream.of(array(), 0, 5);
        job.accept(fleet.kafka());
        job.chunks(fleet.kafka(), 0, before);
        if (before > 0) {
            untilDone(job, before);
        }

        job.seal(fleet.kafka());
        job.chunks(fleet.kafka(), before, job.count());

        assertThat(result(job)).isEqualTo(Npy.encode(array()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStreamFolds(boolean sealedFirst) throws Exception {
        roles();
        HandStream job = HandStream.of(array(), 0, 5, "identity", new Fold("sum"), FAIL_FAST);
        job.accept(fleet.kafka());
        job.chunks(fleet.kafka(), 0, 3);
        untilDone(job, 3);

        if (sealedFirst) {
            job.seal(fleet.kafka());
            job.chunks(fleet.kafka(), 3, job.count());
        } else {
            job.chunks(fleet.kafka(), 3, job.count());
            untilDone(job, job.count());
            job.seal(fleet.kafka());
        }

        assertThat(result(job)).isEqualTo(sum(array()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anEmptyStreamIsAnArrayWithoutRows(boolean sealedFirst) throws Exception {
        roles();
        ArraySlice empty = new RandomArrays(7).of(INT64, Shape.of(0, 3), Order.C);
        HandStream job = HandStream.of(empty, 0, 5);
        job.accept(fleet.kafka());
        if (sealedFirst) {
            job.seal(fleet.kafka());
        }
        job.chunks(fleet.kafka(), 0, 1);
        if (!sealedFirst) {
            untilDone(job, 1);
            job.seal(fleet.kafka());
        }

        assertThat(result(job)).isEqualTo(Npy.encode(empty));
    }

    /** The chunk that fails is the last, whose rows are known with the seal only. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStreamThatKeepsGoingHasZerosAndAMaskWhereChunksFailed(boolean sealedFirst) throws Exception {
        roles();
        ArraySlice array = new RandomArrays(7).of(INT64, Shape.of(8, 2), Order.C);
        HandStream job = HandStream.of(array, 0, 3, "abs", Fold.CONCAT, KEEP_GOING);
        job.accept(fleet.kafka());
        job.chunks(fleet.kafka(), 0, 2);
        if (sealedFirst) {
            job.seal(fleet.kafka());
        }
        job.write(fleet.kafka(), 2, Npy.encode(new RandomArrays(7).of(DType.parse("|S3"), Shape.of(2, 2), Order.C)));
        if (!sealedFirst) {
            untilDone(job, 3);
            job.seal(fleet.kafka());
        }

        long[] expected = new long[16];
        for (int at = 0; at < 12; at++) {
            expected[at] = Math.abs(array.data().get(ValueLayout.JAVA_LONG_UNALIGNED, (long) at * Long.BYTES));
        }
        assertThat(result(job))
                .isEqualTo(Npy.encode(new ArraySlice(INT64, array.shape(), Order.C, MemorySegment.ofArray(expected))));
        byte[] mask = Npy.encode(new ArraySlice(
                DType.parse("|b1"), Shape.of(8), Order.C, MemorySegment.ofArray(new byte[] {0, 0, 0, 0, 0, 0, 1, 1})));
        assertThat(file("results", Publisher.mask(job.id()))).hasBinaryContent(mask);
        assertThat(Files.readString(file("results", Publisher.errors(job.id())), StandardCharsets.UTF_8))
                .contains("\"index\":2,\"start\":6,\"rows\":2,");
    }

    @Test
    void aStreamThatFailsFastEndsBeforeItIsSealed() {
        roles();
        HandStream job = HandStream.of(array(), 0, 5, "abs", Fold.CONCAT, FAIL_FAST);
        job.accept(fleet.kafka());
        job.write(fleet.kafka(), 2, Npy.encode(new RandomArrays(7).of(DType.parse("|S3"), Shape.of(5, 3), Order.C)));

        assertThat(end(job).end()).isEqualTo(JobState.End.FAILED);
        assertThat(end(job).error().orElseThrow()).contains("chunk 2 (from row 10 on along axis 0)");
    }

    @ParameterizedTest
    @CsvSource({"true, 0", "true, 1", "true, 2", "false, 0", "false, 1", "false, 2"})
    void aSuccessorFinishesAStreamWheneverItIsSealed(boolean sameDisk, int when) throws Exception {
        fleet.worker("worker-1");
        Aggregator first = aggregator("results", LATE);
        HandStream job = HandStream.of(array(), 0, 5);
        job.accept(fleet.kafka());
        job.chunks(fleet.kafka(), 1, job.count());
        untilDone(job, job.count() - 1);
        if (when == 0) {
            job.seal(fleet.kafka());
            await().atMost(Fleet.LONG)
                    .until(() ->
                            said(job, JobState.Progress.class).getLast().count().isPresent());
        }

        first.close();
        if (when == 1) {
            job.chunks(fleet.kafka(), 0, 1);
            job.seal(fleet.kafka());
        }
        String store = sameDisk ? "results" : "others";
        aggregator(store, LATE);
        job.chunks(fleet.kafka(), 0, 1);
        if (when == 2) {
            untilDone(job, job.count());
            job.seal(fleet.kafka());
        }

        assertThat(result(job, store)).isEqualTo(Npy.encode(array()));
    }

    /** All is there when the first aggregator leaves, but for the word that it is all. */
    @Test
    void aSuccessorFindsAStreamWholeThatWasSealedWhileNobodyRan() throws Exception {
        fleet.worker("worker-1");
        Aggregator first = aggregator("results", LATE);
        HandStream job = HandStream.of(array(), 0, 5);
        job.accept(fleet.kafka());
        job.chunks(fleet.kafka(), 0, job.count());
        untilDone(job, job.count());
        first.close();
        double placed = fleet.counted("fanfold.outcomes", "verdict", "placed");

        job.seal(fleet.kafka());
        aggregator("results", LATE);

        assertThat(result(job)).isEqualTo(Npy.encode(array()));
        assertThat(fleet.counted("fanfold.outcomes", "verdict", "placed"))
                .as("it went on from its checkpoint")
                .isEqualTo(placed);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void chunksBehindTheEndThatTheSealSaysDoNotCount(boolean sealedFirst) throws Exception {
        roles();
        HandStream job = HandStream.of(array(), 0, 5);
        HandStream other = HandStream.of(array(), 0, 4);
        other.accept(fleet.kafka());
        other.chunks(fleet.kafka(), 0, 2);
        untilDone(other, 2);
        job.accept(fleet.kafka());
        if (sealedFirst) {
            job.seal(fleet.kafka());
        }
        byte[] stray = Npy.encode(new RandomArrays(9).of(INT64, Shape.of(5, 3), Order.C));
        job.write(fleet.kafka(), job.count(), stray);
        job.write(fleet.kafka(), 1000, stray);
        if (!sealedFirst) {
            untilDone(job, 2);
        }
        job.chunks(fleet.kafka(), 0, job.count());
        if (!sealedFirst) {
            untilDone(job, 2 + job.count());
            job.seal(fleet.kafka());
        }

        assertThat(result(job)).isEqualTo(Npy.encode(array()));
        other.chunks(fleet.kafka(), 2, other.count());
        other.seal(fleet.kafka());
        assertThat(result(other)).as("a job beside it").isEqualTo(Npy.encode(array()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void aStreamThatNobodySealsIsExpiredWithOutcomesAndWithout(int chunks) {
        fleet.worker("worker-1");
        HandStream job = HandStream.of(array(), 0, 5);
        job.accept(fleet.kafka());
        job.chunks(fleet.kafka(), 0, chunks);
        aggregator("results", Duration.ofSeconds(1));

        assertThat(end(job).end()).isEqualTo(JobState.End.EXPIRED);
        assertThat(end(job).error().orElseThrow()).contains("never all sent");
    }

    @Test
    void aSealThatThePlanContradictsCountsForNothing() throws Exception {
        roles();
        HandStream job = HandStream.of(array(), 0, 5);
        job.accept(fleet.kafka());
        job.chunks(fleet.kafka(), 0, job.count());
        untilDone(job, job.count());
        job.seal(fleet.kafka(), job.count() - 1, 23);
        job.seal(fleet.kafka(), job.count(), 26);

        job.seal(fleet.kafka());

        assertThat(result(job)).isEqualTo(Npy.encode(array()));
    }

    @Test
    void theResultOfAStreamIsMadeAgainFromItsOutcomes() throws Exception {
        roles();
        ArraySlice large = new RandomArrays(7).of(INT64, Shape.of(5000, 3), Order.C);
        HandStream job = HandStream.of(large, 0, 300);
        job.accept(fleet.kafka());
        job.chunks(fleet.kafka(), 0, job.count());
        untilDone(job, job.count());
        job.seal(fleet.kafka());
        assertThat(result(job)).isEqualTo(Npy.encode(large));

        Path result = file("results", Publisher.result(job.id()));
        Files.delete(result);

        await().atMost(Fleet.LONG)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(result).hasBinaryContent(Npy.encode(large)));
        assertThat(said(job, JobState.Gone.class)).isEmpty();
    }
}
