package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fanfold.producer.client.ChunkOutcome;
import io.fanfold.producer.client.JobFailedException;
import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.client.JobReport;
import io.fanfold.producer.client.MapRequest;
import io.fanfold.producer.client.Outcomes;
import io.fanfold.producer.client.ParallelMap;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.worker.WorkerSettings;
import io.fanfold.worker.function.FunctionRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a Python user expects of {@code concurrent.futures}, {@code asyncio.gather} and {@code multiprocessing.Pool}, row by row of the
 * table in {@code docs/guide/java.md}. Chunks have two rows; {@link Gated} decides when they are done.
 */
final class PythonSemanticsIT {
    private static final AtomicInteger GATES = new AtomicInteger();

    private static Fleet fleet;

    @BeforeAll
    static void start() {
        fleet = Fleet.on(BrokerKind.IN_JVM);
        fleet.worker(manyThreads(), FunctionRegistry.of(List.of(new Gated())));
        fleet.aggregator("aggregator-1", fleet.store("results"));
    }

    /** Chunks that wait for their gate leave threads to the others, whichever lane they are in. */
    private static WorkerSettings manyThreads() {
        WorkerSettings few = fleet.settings("worker-1");
        return new WorkerSettings(
                few.kafka(),
                few.name(),
                few.pool(),
                new WorkerSettings.Pools(48, 1, 0, List.of()),
                few.patience(),
                few.retries(),
                few.keepCompletions(),
                few.purgeEvery());
    }

    @AfterAll
    static void stop() {
        fleet.close();
    }

    private static final MapRequest REQUEST = MapRequest.of("gated").inChunks(5).withStrategy(Strategy.THREADS);

    private static ParallelMap map() {
        return fleet.map();
    }

    /** 0 to 9, in 5 chunks of 2. */
    private static ArraySlice array() {
        return Jobs.array(0, 5);
    }

    private static long[] answers(long count) {
        return LongStream.range(0, count).map(x -> 3 * x + 1).toArray();
    }

    private static String gate() {
        return "gate-" + GATES.incrementAndGet();
    }

    /** Some chunks, each named by its first element, wait until the gate is opened. */
    private static MapRequest waiting(String gate, String waits) {
        return REQUEST.with("gate", gate).with("waits", waits);
    }

    /** Waits in good time. */
    private static <T> T join(CompletableFuture<T> future) {
        return future.orTimeout(Fleet.LONG.toSeconds(), TimeUnit.SECONDS).join();
    }

    private static List<ChunkOutcome> all(JobHandle job) {
        try (Outcomes outcomes = job.outcomes()) {
            List<ChunkOutcome> all = new ArrayList<>();
            outcomes.forEach(all::add);
            return all;
        }
    }

    @Test
    void executorMapGivesResultsInInputOrderWhicheverChunkIsDoneFirst() {
        String gate = gate();
        JobHandle job = map().submit(waiting(gate, "0"), array());
        await().atMost(Fleet.LONG).until(() -> job.progress().done() == 4);

        Gated.open(gate);

        assertThat(join(job.result()).toLongs()).isEqualTo(answers(10));
    }

    @Test
    void executorMapInOneCallWaitsForTheWholeArray() throws Exception {
        assertThat(map().map(REQUEST, array()).toLongs()).isEqualTo(answers(10));
        assertThat(map().map("gated", array()).toLongs()).isEqualTo(answers(10));
    }

    @Test
    void executorMapsChunksizeIsTheRequestsCutAsNumPyCuts() {
        List<ChunkOutcome> three = all(map().submit(REQUEST.inChunks(3), array()));

        assertThat(three).hasSize(3).allSatisfy(o -> {
            long[] starts = {0, 4, 7};
            long[] rows = {4, 3, 3};
            assertThat(o.start()).isEqualTo(starts[(int) o.index()]);
            assertThat(o.rows()).isEqualTo(rows[(int) o.index()]);
        });
    }

    @Test
    void executorMapRaisesAtTheCallThatWaitsAndNamesTheChunk() {
        MapRequest failing = REQUEST.with("fails", "4");

        assertThatThrownBy(() -> map().map(failing, array())).isInstanceOfSatisfying(JobFailedException.class, e -> {
            assertThat(e.end()).isEqualTo(JobState.End.FAILED);
            assertThat(e).hasMessageContainingAll(e.job().value(), "chunk 2", "rows 4 to 6", "gated@1");
            JobState.FailedChunk chunk = e.chunk().orElseThrow();
            assertThat(chunk.index()).isEqualTo(2);
            assertThat(chunk.rows()).isEqualTo(2);
            assertThat(chunk.failure().start()).isEqualTo(4);
            assertThat(chunk.failure().function()).isEqualTo("gated@1");
            assertThat(chunk.failure().error()).endsWith("NonRetriableException");
            assertThat(chunk.failure().message()).isEqualTo("chunk of 4 cannot be done");
        });
    }

    @Test
    void whatIsRefusedIsRaisedByTheCallThatSubmits() {
        assertThatThrownBy(() -> map().submit(MapRequest.of("nobody-has-this"), array()))
                .isInstanceOf(FanfoldException.class)
                .hasMessageContainingAll("nobody-has-this", "gated");
        assertThatThrownBy(() -> map().submit(REQUEST.with("colour", "red"), array()))
                .hasMessageContaining("colour");
    }

    @Test
    void aTimeoutEndsTheWaitAndNotTheJob() {
        String gate = gate();
        JobHandle job = map().submit(waiting(gate, "all"), array());

        assertThatThrownBy(
                        () -> job.result().orTimeout(50, TimeUnit.MILLISECONDS).join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(TimeoutException.class);
        assertThat(job.over()).isFalse();

        Gated.open(gate);
        assertThat(join(job.result()).toLongs()).isEqualTo(answers(10));
    }

    @Test
    void aResultCanBeTakenAgainAndIntoAFile(@TempDir Path directory) throws Exception {
        JobHandle job = map().submit(REQUEST, array());
        Path file = Files.writeString(directory.resolve("y.npy"), "what was there before");

        assertThat(join(job.result()).toLongs()).isEqualTo(answers(10));
        assertThat(join(job.result()).toLongs()).isEqualTo(answers(10));
        assertThat(join(job.resultTo(file))).isEqualTo(file);
        assertThat(Files.readAllBytes(file)).isEqualTo(Files.readAllBytes(Fleet.result(job)));
        assertThat(directory).isDirectoryContaining(file::equals).isDirectoryNotContaining(f -> !f.equals(file));
    }

    @Test
    void cancelEndsAJobOfWhichChunksRun() {
        String gate = gate();
        JobHandle job = map().submit(waiting(gate, "4"), array());
        await().atMost(Fleet.LONG).until(() -> job.progress().done() == 4);
        CompletableFuture<ArraySlice> result = job.result();

        job.cancel("not wanted any more");

        assertThatThrownBy(() -> join(result))
                .isInstanceOf(CancellationException.class)
                .hasStackTraceContaining(job.id().value() + " was cancelled: not wanted any more");
        assertThat(result.isCancelled()).isTrue();
        assertThat(Fleet.end(job).end()).isEqualTo(JobState.End.CANCELLED);
    }

    @Test
    void cancelAfterTheEndChangesNothing() {
        JobHandle job = map().submit(REQUEST, array());
        assertThat(Fleet.end(job).end()).isEqualTo(JobState.End.COMPLETED);

        job.cancel();

        assertThat(join(map().submit(REQUEST, array()).result()).toLongs()).isEqualTo(answers(10));
        assertThat(join(job.result()).toLongs()).isEqualTo(answers(10));
    }

    @Test
    void cancellingAFutureOfTheResultEndsTheWaitAndNotTheJob() {
        String gate = gate();
        JobHandle job = map().submit(waiting(gate, "all"), array());

        assertThat(job.result().cancel(true)).isTrue();
        Gated.open(gate);

        assertThat(join(job.result()).toLongs()).isEqualTo(answers(10));
    }

    @Test
    void exceptionIsNoneOfAJobThatCompletedAndTheReasonOfOneThatDidNot() {
        JobHandle good = map().submit(REQUEST, array());
        JobHandle bad = map().submit(REQUEST.with("fails", "0"), array());

        String none = join(good.result().handle((_, e) -> e == null ? "none" : "some"));
        assertThat(none).isEqualTo("none");
        CompletableFuture<ArraySlice> result = bad.result();
        await().atMost(Fleet.LONG).until(result::isDone);
        assertThat(result.exceptionNow()).isInstanceOf(JobFailedException.class).hasMessageContaining("chunk 0");
    }

    @Test
    void aDoneCallbackRunsOnceHoweverTheJobEnds() {
        List<JobHandle> jobs = List.of(
                map().submit(REQUEST, array()),
                map().submit(REQUEST.with("fails", "0"), array()),
                map().submit(waiting(gate(), "all"), array()));
        List<JobState.End> heard = new CopyOnWriteArrayList<>();
        List<CompletableFuture<Void>> callbacks = jobs.stream()
                .map(job -> job.ended().thenAccept(end -> heard.add(end.end())))
                .toList();

        jobs.getLast().cancel();
        callbacks.forEach(PythonSemanticsIT::join);

        assertThat(heard)
                .containsExactlyInAnyOrder(JobState.End.COMPLETED, JobState.End.FAILED, JobState.End.CANCELLED);
    }

    @Test
    void asCompletedGivesEachChunkOnceAsItIsDone() {
        String gate = gate();
        JobHandle job = map().submit(waiting(gate, "0"), array());
        List<Long> given = new ArrayList<>();
        try (Outcomes outcomes = job.outcomes()) {
            for (ChunkOutcome outcome : outcomes) {
                given.add(outcome.index());
                if (given.size() == 4) {
                    assertThat(given).doesNotContain(0L);
                    assertThat(job.over()).isFalse();
                    Gated.open(gate);
                }
            }
        }

        assertThat(given).hasSize(5).endsWith(0L).containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L);
    }

    @Test
    void imapUnorderedIsWhatOutcomesAnswer() {
        long[] sorted = all(map().submit(REQUEST, array())).stream()
                .map(ChunkOutcome.Computed.class::cast)
                .flatMapToLong(chunk -> Arrays.stream(chunk.array().toLongs()))
                .sorted()
                .toArray();

        assertThat(sorted).isEqualTo(answers(10));
    }

    @Test
    void asCompletedRaisesNothingWhereAChunkFailsAndSaysSo() {
        JobHandle job = map().submit(REQUEST.with("fails", "6"), array());

        assertThat(all(job))
                .filteredOn(ChunkOutcome.Failed.class::isInstance)
                .singleElement()
                .satisfies(o -> {
                    ChunkOutcome.Failed failed = (ChunkOutcome.Failed) o;
                    assertThat(failed.index()).isEqualTo(3);
                    assertThat(failed.start()).isEqualTo(6);
                    assertThat(failed.failure().message()).isEqualTo("chunk of 6 cannot be done");
                });
        assertThat(Fleet.end(job).end()).isEqualTo(JobState.End.FAILED);
    }

    @Test
    void waitFirstCompletedOfJobsIsAnyOfTheirEnds() {
        String gate = gate();
        JobHandle slow = map().submit(waiting(gate, "all").inChunks(1), array());
        JobHandle quick = map().submit(REQUEST, array());

        join(CompletableFuture.anyOf(slow.ended(), quick.ended()));

        assertThat(quick.over()).isTrue();
        assertThat(slow.over()).isFalse();
        Gated.open(gate);
        assertThat(join(slow.result()).toLongs()).isEqualTo(answers(10));
    }

    @Test
    void waitFirstCompletedOfChunksIsTheFirstOutcomeWithATimeoutIfNeedBe() {
        String gate = gate();
        JobHandle job = map().submit(waiting(gate, "all"), array());
        try (Outcomes outcomes = job.outcomes()) {
            assertThat(outcomes.poll(Duration.ofMillis(50))).isEmpty();
            assertThat(outcomes.over()).isFalse();

            Gated.open(gate);

            assertThat(outcomes.poll(Fleet.LONG)).isPresent();
        }
        assertThat(join(job.result()).toLongs()).isEqualTo(answers(10));
    }

    @Test
    void waitFirstExceptionIsAJobThatFailsFast() {
        String gate = gate();
        JobHandle job = map().submit(waiting(gate, "0").with("fails", "8"), array());

        assertThatThrownBy(() -> join(job.result())).hasCauseInstanceOf(JobFailedException.class);

        Gated.open(gate);
    }

    @Test
    void waitAllCompletedIsAllOfTheEndsWhateverTheyAre() {
        List<JobHandle> jobs = List.of(
                map().submit(REQUEST, array()),
                map().submit(REQUEST.with("fails", "2"), array()),
                map().submit(REQUEST.foldedBy("sum"), array()));

        join(CompletableFuture.allOf(jobs.stream().map(JobHandle::ended).toArray(CompletableFuture[]::new)));

        assertThat(jobs)
                .extracting(job -> job.report().state().name())
                .containsExactly("COMPLETED", "FAILED", "COMPLETED");
        assertThat(join(jobs.getLast().result()).toLongs())
                .containsExactly(Arrays.stream(answers(10)).sum());
    }

    @Test
    void gatherRaisesTheFirstFailureAndTheOtherChunksAreNotWaitedFor() {
        String gate = gate();
        MapRequest request = waiting(gate, "0,2,4,6").with("fails", "8");

        assertThatThrownBy(() -> map().map(request, array()))
                .isInstanceOfSatisfying(
                        JobFailedException.class,
                        e -> assertThat(e.chunk().orElseThrow().index()).isEqualTo(4));

        Gated.open(gate);
    }

    @Test
    void gatherReturningExceptionsIsAJobThatKeepsGoing() {
        JobHandle job = map().submit(REQUEST.with("fails", "2,6").keepGoing(), array());

        assertThat(join(job.result()).toLongs()).containsExactly(1, 4, 0, 0, 13, 16, 0, 0, 25, 28);
        List<ChunkOutcome> outcomes = all(job);
        assertThat(outcomes).extracting(ChunkOutcome::index).containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L);
        assertThat(outcomes)
                .filteredOn(ChunkOutcome.Failed.class::isInstance)
                .extracting(ChunkOutcome::index)
                .containsExactly(1L, 3L);
        assertThat(job.report().failed()).isEqualTo(2);
    }

    @Test
    void aMapWhoseJobIsCancelledByAnotherSaysWhy() {
        Set<JobId> before = jobs();
        CompletableFuture<Throwable> raised = CompletableFuture.supplyAsync(() -> {
            try {
                return new AssertionError(map().map(waiting(gate(), "all"), array()));
            } catch (InterruptedException | RuntimeException e) {
                return e;
            }
        });
        await().atMost(Fleet.LONG).until(() -> jobs().size() > before.size());
        JobId job =
                jobs().stream().filter(id -> !before.contains(id)).findFirst().orElseThrow();

        map().cancel(job, "by somebody else");

        assertThat(join(raised))
                .isInstanceOf(CancellationException.class)
                .hasMessageContainingAll(job.value(), "by somebody else");
    }

    @Test
    void anInterruptedMapCancelsItsJob() throws Exception {
        Set<JobId> before = jobs();
        CompletableFuture<Throwable> raised = new CompletableFuture<>();
        Thread caller = Thread.ofPlatform().start(() -> {
            try {
                ArraySlice _ = map().map(waiting(gate(), "all"), array());
            } catch (InterruptedException | RuntimeException e) {
                raised.complete(e);
            }
        });
        await().atMost(Fleet.LONG).until(() -> jobs().size() > before.size());
        JobId job =
                jobs().stream().filter(id -> !before.contains(id)).findFirst().orElseThrow();
        await().atMost(Fleet.LONG)
                .until(() -> map().find(job).orElseThrow().accepted().isPresent());

        caller.interrupt();

        assertThat(join(raised)).isInstanceOf(InterruptedException.class);
        JobHandle handle = map().attach(job).orElseThrow();
        assertThat(Fleet.end(handle).end()).isEqualTo(JobState.End.CANCELLED);
    }

    private static Set<JobId> jobs() {
        return map().jobs().all().stream().map(JobReport::job).collect(Collectors.toSet());
    }

    @Test
    void anArrayThatCannotBeReadFailsWhatWaitsWithTheReasonAndItsJobIsCancelled() {
        try (Arena mine = Arena.ofConfined()) {
            MemorySegment memory = mine.allocate(ValueLayout.JAVA_LONG, 10);
            ArraySlice confined = new ArraySlice(array().dtype(), array().shape(), array().order(), memory);

            JobHandle job = map().submit(REQUEST, confined);

            assertThatThrownBy(() -> join(job.result())).hasCauseInstanceOf(WrongThreadException.class);
            assertThatThrownBy(() -> join(job.dispatched())).hasCauseInstanceOf(WrongThreadException.class);
            assertThat(Fleet.end(job).end()).isEqualTo(JobState.End.CANCELLED);
        }
    }

    private static ParallelMap another() {
        return ParallelMap.connect(
                fleet.kafka(), "other-" + GATES.incrementAndGet(), Set.of(), new CompositeMeterRegistry());
    }

    @Test
    void shutdownLeavesJobsWhoseChunksAreWrittenToGoOn() {
        String gate = gate();
        JobHandle left;
        try (ParallelMap client = another()) {
            left = client.submit(waiting(gate, "all"), array());
        }
        assertThatThrownBy(() -> join(left.result())).hasMessageContaining("closed before the job ended");
        assertThat(left.dispatched()).isCompleted();

        Gated.open(gate);

        JobHandle found = map().attach(left.id()).orElseThrow();
        assertThat(join(found.result()).toLongs()).isEqualTo(answers(10));
    }

    @Test
    void shutdownThatWaitsIsToWaitForTheEndsFirst() {
        List<JobHandle> jobs = new ArrayList<>();
        try (ParallelMap client = another()) {
            for (int i = 0; i < 3; i++) {
                jobs.add(client.submit(REQUEST, array()));
            }
            jobs.forEach(job -> join(job.ended()));
        }

        assertThat(jobs)
                .allSatisfy(job -> assertThat(join(job.result()).toLongs()).isEqualTo(answers(10)));
    }

    @Test
    void shutdownThatCancelsIsToCancelFirst() {
        JobHandle job;
        try (ParallelMap client = another()) {
            job = client.submit(waiting(gate(), "all"), array());
            job.cancel();
            join(job.ended());
        }

        assertThat(job.report().state().name()).isEqualTo("CANCELLED");
    }

    @Test
    void shutdownCancelsAJobOfWhichChunksCannotBeWrittenInTimeUnlessItHasAKey() {
        ArraySlice large = ArraySlice.of(new long[4_000_000]);
        MapRequest slow = waiting(gate(), "all").inChunks(32);
        String key = "key-" + gate();
        JobHandle keyless;
        JobHandle keyed;
        ParallelMap client = another();
        try {
            keyless = client.submit(slow, large);
            keyed = client.submit(slow.withKey(key), large);
        } finally {
            client.close(Duration.ZERO);
        }

        JobHandle cancelled = map().attach(keyless.id()).orElseThrow();
        assertThat(Fleet.end(cancelled).end()).isEqualTo(JobState.End.CANCELLED);
        assertThat(Fleet.end(cancelled).error().orElseThrow()).contains("closed before all chunks");
        JobHandle kept = map().attach(key).orElseThrow();
        assertThat(kept.id()).isEqualTo(keyed.id());
        assertThat(kept.over()).isFalse();
        kept.cancel();
        assertThat(Fleet.end(kept).end()).isEqualTo(JobState.End.CANCELLED);
    }

    @Test
    void aSubmitterThatDiedAfterSubmittingIsSucceededByAnyoneWhoKnowsTheJob() throws Exception {
        JobId job;
        try (SubmitterJvm child = SubmitterJvm.start(fleet.kafka(), "waits=all", "gate=orphaned")) {
            job = child.submitted();
            child.kill();
        }

        JobHandle found = map().attach(job).orElseThrow();
        assertThat(found.over()).isFalse();
        Gated.open("orphaned");

        assertThat(join(found.result()).toLongs()).isEqualTo(answers(10));
        assertThat(all(found)).hasSize(5);
    }
}
