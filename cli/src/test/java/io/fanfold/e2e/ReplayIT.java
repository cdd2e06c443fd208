package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fanfold.producer.client.Changes;
import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.client.Revision;
import io.fanfold.producer.client.Revisions;
import io.fanfold.producer.dispatch.Acceptance;
import io.fanfold.producer.dispatch.Limits;
import io.fanfold.producer.split.ChunkSize;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.ErrorPolicy;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.ResultInfo;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.protocol.wire.Topics;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.OnEveryBroker;
import io.fanfold.worker.function.FunctionRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.io.TempDir;

/** A job that goes on without its failed chunks, and its revisions: the result in the end is that of an undisturbed run. */
final class ReplayIT {
    private static final Fold SUM = new Fold("sum");
    private static final Changes MENDED = new Changes(Optional.of("brittle@2"), Map.of(), Optional.empty());

    /** 22 rows in 10 chunks: of three rows, three rows, and then two each. */
    private static final ArraySlice ARRAY = array(22);

    private static final ChunkSize TEN = new ChunkSize.Count(10);

    @TempDir
    private Path directory;

    private Fleet fleet(BrokerKind kind) {
        Fleet fleet = Fleet.on(kind);
        FunctionRegistry functions = FunctionRegistry.load(Plugins.brittle(directory.resolve("plugins")));
        fleet.worker(fleet.settings("worker-1"), functions);
        fleet.aggregator("aggregator-1", fleet.store("results"));
        return fleet;
    }

    private static ArraySlice array(long... dims) {
        long[] numbers = LongStream.range(0, LongStream.of(dims).reduce(1, (a, b) -> a * b))
                .toArray();
        return new ArraySlice(DType.parse("<i8"), Shape.of(dims), Order.C, MemorySegment.ofArray(numbers));
    }

    /** A job of {@code brittle@1} that does without the chunks that begin with {@code fails}. */
    private static JobHandle holed(
            Fleet fleet, ArraySlice array, int axis, Fold fold, Map<String, ?> parameters, long budget) {
        return submit(fleet, "brittle@1", array, axis, fold, parameters, new ErrorPolicy.KeepGoing(budget));
    }

    private static JobHandle holed(Fleet fleet, String fails) {
        return holed(fleet, ARRAY, 0, Fold.CONCAT, Map.of("fails", fails), 9);
    }

    /** The same by a function that fails for no chunk, as it has always been. */
    private static byte[] undisturbed(Fleet fleet, ArraySlice array, int axis, Fold fold, Map<String, ?> parameters)
            throws IOException {
        JobHandle job = submit(fleet, "brittle@2", array, axis, fold, parameters, new ErrorPolicy.FailFast());
        return Files.readAllBytes(Fleet.result(job));
    }

    private static JobHandle submit(
            Fleet fleet,
            String function,
            ArraySlice array,
            int axis,
            Fold fold,
            Map<String, ?> parameters,
            ErrorPolicy errors) {
        return fleet.submit(
                new Acceptance(
                        Optional.empty(),
                        fleet.function(function),
                        parameters,
                        Topics.DEFAULT_POOL,
                        Strategy.THREADS,
                        fold,
                        errors,
                        axis,
                        TEN,
                        Limits.NONE),
                array);
    }

    /** What a request for a revision came to, and how that ended. */
    private record Replayed(Revision revision, JobState.Terminal end) {
        JobId job() {
            return revision.job().id();
        }

        long failed() {
            return end.result()
                    .orElseThrow(() -> new AssertionError(end))
                    .holes()
                    .map(ResultInfo.Holes::chunks)
                    .orElse(0L);
        }
    }

    private static Replayed replay(Fleet fleet, JobId job, Changes changes) {
        try (Revisions revisions =
                Revisions.connect(fleet.kafka(), "replay", Optional.empty(), new SimpleMeterRegistry())) {
            Revision revision = revisions.replay(job, changes);
            return new Replayed(revision, Fleet.end(revision.job()));
        }
    }

    private static Path kept(Fleet fleet, JobId job, String ending) {
        return fleet.store("results").resolve(job + ending);
    }

    private static byte[] result(Fleet fleet, Replayed replayed) throws IOException {
        return Files.readAllBytes(kept(fleet, replayed.job(), ".npy"));
    }

    private static long[] longs(byte[] npy) {
        return Npy.decode(MemorySegment.ofArray(npy), "the result").data().toArray(ValueLayout.JAVA_LONG_UNALIGNED);
    }

    @OnEveryBroker
    void aJobThatKeepsGoingIsCompletedWithAMaskAndAListOfItsErrors(BrokerKind kind) throws Exception {
        try (Fleet fleet = fleet(kind)) {
            JobHandle job = holed(fleet, "3,20");

            ResultInfo result = Fleet.end(job).result().orElseThrow();
            assertThat(result.holes().orElseThrow().chunks()).isEqualTo(2);
            assertThat(job.progress().failed()).isEqualTo(2);
            assertThat(longs(Files.readAllBytes(Fleet.result(job))))
                    .as("chunk 1 is rows 3 to 5, chunk 9 rows 20 and 21")
                    .isEqualTo(LongStream.range(0, 22)
                            .map(x -> (x >= 3 && x <= 5) || x >= 20 ? 0 : 3 * x + 1)
                            .toArray());
            ArraySlice mask = Npy.decode(
                    MemorySegment.ofArray(Files.readAllBytes(kept(fleet, job.id(), ".mask.npy"))), "the mask");
            assertThat(mask.dtype().name()).isEqualTo("bool");
            byte[] missing = new byte[22];
            Arrays.fill(missing, 3, 6, (byte) 1);
            Arrays.fill(missing, 20, 22, (byte) 1);
            assertThat(mask.data().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(missing);
            errorsAreThoseOf(fleet, job.id());
        }
    }

    private static void errorsAreThoseOf(Fleet fleet, JobId job) throws IOException {
        JsonNode json = new ObjectMapper().readTree(Files.readAllBytes(kept(fleet, job, ".errors.json")));
        assertThat(json.path("job").textValue()).isEqualTo(job.value());
        List<JsonNode> errors = StreamSupport.stream(json.path("errors").spliterator(), false)
                .sorted((a, b) -> Long.compare(
                        a.path("index").longValue(), b.path("index").longValue()))
                .toList();
        assertThat(errors).hasSize(2);
        JsonNode first = errors.getFirst();
        assertThat(first.path("index").longValue()).isEqualTo(1);
        assertThat(first.path("start").longValue()).isEqualTo(3);
        assertThat(first.path("rows").longValue()).isEqualTo(3);
        assertThat(first.path("error").textValue()).endsWith("NonRetriableException");
        assertThat(first.path("message").textValue()).contains("chunk of 3 cannot be done");
        assertThat(first.path("function").textValue()).isEqualTo("brittle@1");
        assertThat(first.path("worker").textValue()).isEqualTo("worker-1");
        assertThat(first.path("attempts").longValue()).isEqualTo(1);
        assertThat(errors.getLast().path("index").longValue()).isEqualTo(9);
    }

    @OnEveryBroker
    void moreFailuresThanTheBudgetFailTheJob(BrokerKind kind) {
        try (Fleet fleet = fleet(kind)) {
            JobHandle job = holed(fleet, ARRAY, 0, Fold.CONCAT, Map.of("fails", "0,3,20"), 2);

            assertThat(Fleet.end(job).end()).isEqualTo(JobState.End.FAILED);
        }
    }

    @OnEveryBroker
    void aRevisionByAMendedFunctionIsTheResultOfAnUndisturbedRun(BrokerKind kind) throws Exception {
        try (Fleet fleet = fleet(kind)) {
            JobHandle job = holed(fleet, "0,3,20");
            byte[] holed = Files.readAllBytes(Fleet.result(job));

            Replayed replayed = replay(fleet, job.id(), MENDED);

            assertThat(replayed.job().value()).isEqualTo(job.id() + "-r2");
            assertThat(replayed.failed()).isZero();
            assertThat(result(fleet, replayed)).isEqualTo(undisturbed(fleet, ARRAY, 0, Fold.CONCAT, Map.of()));
            assertThat(Files.readAllBytes(Fleet.result(job)))
                    .as("what was said of the first job stands")
                    .isEqualTo(holed);
        }
    }

    @OnEveryBroker
    void soItIsAlongAnotherAxis(BrokerKind kind) throws Exception {
        try (Fleet fleet = fleet(kind)) {
            ArraySlice plane = array(4, 22);
            JobHandle job = holed(fleet, plane, 1, Fold.CONCAT, Map.of("fails", "0,8"), 9);
            assertThat(Fleet.end(job).end()).isEqualTo(JobState.End.COMPLETED);

            Replayed replayed = replay(fleet, job.id(), MENDED);

            assertThat(result(fleet, replayed)).isEqualTo(undisturbed(fleet, plane, 1, Fold.CONCAT, Map.of()));
        }
    }

    @OnEveryBroker
    void soItIsWhereChunksAnswerInOtherLengths(BrokerKind kind) throws Exception {
        try (Fleet fleet = fleet(kind)) {
            JobHandle job = holed(fleet, ARRAY, 0, Fold.CONCAT, Map.of("fails", "3,20", "odd", true), 9);
            assertThat(longs(Files.readAllBytes(Fleet.result(job))))
                    .isEqualTo(LongStream.of(1, 7, 9, 11, 13, 15, 17, 19)
                            .map(x -> 3 * x + 1)
                            .toArray());

            Replayed replayed = replay(fleet, job.id(), MENDED);

            assertThat(result(fleet, replayed))
                    .isEqualTo(undisturbed(fleet, ARRAY, 0, Fold.CONCAT, Map.of("odd", true)));
        }
    }

    @OnEveryBroker
    void aSumIsThatOfTheOthersAndThenOfAll(BrokerKind kind) throws Exception {
        try (Fleet fleet = fleet(kind)) {
            JobHandle job = holed(fleet, ARRAY, 0, SUM, Map.of("fails", "3,20"), 9);
            long others = LongStream.range(0, 22)
                    .filter(x -> (x < 3 || x > 5) && x < 20)
                    .map(x -> 3 * x + 1)
                    .sum();
            assertThat(longs(Files.readAllBytes(Fleet.result(job)))).containsExactly(others);

            Replayed replayed = replay(fleet, job.id(), MENDED);

            assertThat(result(fleet, replayed)).isEqualTo(undisturbed(fleet, ARRAY, 0, SUM, Map.of()));
        }
    }

    @OnEveryBroker
    void askedAgainItIsTheSameRevision(BrokerKind kind) throws Exception {
        try (Fleet fleet = fleet(kind)) {
            JobHandle job = holed(fleet, "3,20");
            Fleet.end(job);
            Replayed once = replay(fleet, job.id(), MENDED);

            Replayed twice = replay(fleet, job.id(), Changes.NONE);

            assertThat(twice.revision().standing()).isEqualTo(Revision.Standing.WHOLE);
            assertThat(twice.end()).isEqualTo(once.end());
        }
    }

    @OnEveryBroker
    void askedTwiceAtOnceItIsOneRevision(BrokerKind kind) throws Exception {
        try (Fleet fleet = fleet(kind)) {
            JobHandle job = holed(fleet, "3,20");
            Fleet.end(job);

            List<CompletableFuture<Replayed>> both = List.of(
                    CompletableFuture.supplyAsync(() -> replay(fleet, job.id(), MENDED)),
                    CompletableFuture.supplyAsync(() -> replay(fleet, job.id(), MENDED)));

            byte[] undisturbed = undisturbed(fleet, ARRAY, 0, Fold.CONCAT, Map.of());
            for (CompletableFuture<Replayed> one : both) {
                Replayed replayed = one.get(Fleet.LONG.toSeconds(), TimeUnit.SECONDS);
                assertThat(replayed.job().value()).isEqualTo(job.id() + "-r2");
                assertThat(result(fleet, replayed)).isEqualTo(undisturbed);
            }
        }
    }

    @OnEveryBroker
    void whatFailsAgainIsAHoleOfTheRevisionAndFilledByTheNext(BrokerKind kind) throws Exception {
        try (Fleet fleet = fleet(kind)) {
            JobHandle job = holed(fleet, "0,3,20");
            Fleet.end(job);

            Replayed second =
                    replay(fleet, job.id(), new Changes(Optional.empty(), Map.of("fails", "3"), Optional.empty()));
            assertThat(second.failed()).isEqualTo(1);
            assertThat(longs(result(fleet, second)))
                    .isEqualTo(LongStream.range(0, 22)
                            .map(x -> x >= 3 && x <= 5 ? 0 : 3 * x + 1)
                            .toArray());
            Replayed third = replay(fleet, job.id(), MENDED);

            assertThat(third.job().value()).isEqualTo(job.id() + "-r3");
            assertThat(third.revision().job().spec().revision().orElseThrow().of())
                    .isEqualTo(second.job());
            assertThat(result(fleet, third)).isEqualTo(undisturbed(fleet, ARRAY, 0, Fold.CONCAT, Map.of()));
        }
    }
}
