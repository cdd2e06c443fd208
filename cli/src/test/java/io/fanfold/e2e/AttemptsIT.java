package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.dispatch.Limits;
import io.fanfold.producer.split.ChunkSize;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.Outcome;
import io.fanfold.protocol.wire.Records;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.OnEveryBroker;
import io.fanfold.testkit.RandomArrays;
import io.fanfold.worker.Worker;
import io.fanfold.worker.WorkerSettings;
import io.fanfold.worker.function.NonRetriableException;
import io.fanfold.worker.lane.RetryPolicy;
import java.lang.foreign.MemorySegment;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** How often a chunk is tried, how long it may take, and what becomes of the chunks of a job that has ended. */
final class AttemptsIT {
    /** A hundred chunks of a row each can be told apart by their first byte. */
    private static final ArraySlice ROWS = rows(100);

    private static ArraySlice rows(int count) {
        byte[] bytes = new byte[2 * count];
        for (int i = 0; i < count; i++) {
            bytes[2 * i] = (byte) i;
        }
        ArraySlice like = new RandomArrays(1).of(DType.parse("|i1"), Shape.of(count, 2), Order.C);
        return new ArraySlice(like.dtype(), like.shape(), like.order(), MemorySegment.ofArray(bytes));
    }

    private static WorkerSettings settings(Fleet fleet, RetryPolicy retries) {
        WorkerSettings s = fleet.settings("worker-1");
        return new WorkerSettings(
                s.kafka(), s.name(), s.pool(), s.pools(), s.patience(), retries, s.keepCompletions(), s.purgeEvery());
    }

    private static RetryPolicy retries(Duration first, String... lasting) {
        return new RetryPolicy(3, 3, first, Duration.ofMinutes(10), Set.of(lasting));
    }

    private static List<Outcome> outcomes(Fleet fleet, JobHandle job) {
        return Raw.read(fleet.kafka(), fleet.kafka().topics().outcomes()).stream()
                .map(AttemptsIT::outcome)
                .filter(outcome -> outcome.job().equals(job.id()))
                .toList();
    }

    private static Outcome outcome(ConsumerRecord<byte[], byte[]> r) {
        ConsumerRecord<byte[], ByteBuffer> borrowed =
                new ConsumerRecord<>(r.topic(), r.partition(), r.offset(), r.key(), ByteBuffer.wrap(r.value()));
        r.headers().forEach(borrowed.headers()::add);
        return Records.outcome(borrowed);
    }

    private static JobHandle submit(Fleet fleet, String function, int chunks, Strategy strategy, Limits limits) {
        return fleet.submit(
                Fleet.request(fleet.function(function), Map.of(), 0, new ChunkSize.Count(chunks), strategy, limits),
                ROWS);
    }

    private static void lanesAreFree(Fleet fleet) throws Exception {
        JobHandle next = fleet.submit(fleet.function("identity"), Map.of(), ROWS, 0, new ChunkSize.Count(12));
        assertThat(Files.readAllBytes(Fleet.result(next))).isEqualTo(Npy.encode(ROWS));
        await().atMost(Fleet.LONG)
                .until(() -> fleet.gauged("fanfold.lane.held.bytes") == 0
                        && fleet.gauged("fanfold.lane.running") == 0
                        && fleet.gauged("fanfold.lane.waiting") == 0);
    }

    @OnEveryBroker
    void anErrorTwiceAndThenAnAnswerIsTheThirdAttempt(BrokerKind kind) throws Exception {
        Called flaky = new Called("flaky@1", (chunk, call) -> {
            if (chunk == 7 && call < 3) {
                throw new SocketException("connection reset");
            }
        });
        try (Fleet fleet = Fleet.on(kind)) {
            fleet.worker(settings(fleet, retries(Duration.ofMillis(20))), Called.registry(flaky));
            fleet.aggregator("aggregator-1", fleet.store("results"));

            JobHandle job = submit(fleet, "flaky", 100, Strategy.THREADS, Limits.NONE);

            assertThat(Files.readAllBytes(Fleet.result(job))).isEqualTo(Npy.encode(ROWS));
            assertThat(outcomes(fleet, job))
                    .hasSize(100)
                    .allSatisfy(outcome -> assertThat(outcome.attempt()).isEqualTo(outcome.index() == 7 ? 3 : 1));
            assertThat(fleet.counted("fanfold.chunks.retried")).isEqualTo(2);
        }
    }

    @OnEveryBroker
    void aChunkThatWaitsToBeTriedAgainHoldsUpNoOther(BrokerKind kind) {
        Called flaky = new Called("flaky@1", (chunk, call) -> {
            if (chunk < 50) {
                throw new SocketException("connection reset");
            }
        });
        try (Fleet fleet = Fleet.on(kind)) {
            fleet.worker(settings(fleet, retries(Duration.ofMinutes(10))), Called.registry(flaky));
            fleet.aggregator("aggregator-1", fleet.store("results"));

            JobHandle job = submit(fleet, "flaky", 100, Strategy.THREADS, Limits.NONE);

            await().atMost(Fleet.LONG).until(() -> outcomes(fleet, job).size() == 50);
            assertThat(job.over()).isFalse();
            await().atMost(Fleet.LONG).until(() -> fleet.counted("fanfold.chunks.retried") == 50);
            await().atMost(Fleet.LONG).until(() -> fleet.gauged("fanfold.lane.running") == 0);
        }
    }

    @OnEveryBroker
    void anErrorThatLastsOrIsSaidToFailsTheChunkAtOnce(BrokerKind kind) {
        Called lasting = new Called("lasting@1", (_, _) -> {
            throw new NonRetriableException("no such user");
        });
        Called named = new Called("named@1", (_, _) -> {
            throw new SocketException("connection reset");
        });
        try (Fleet fleet = Fleet.on(kind)) {
            fleet.worker(
                    settings(fleet, retries(Duration.ofMinutes(10), "SocketException")),
                    Called.registry(lasting, named));
            fleet.aggregator("aggregator-1", fleet.store("results"));

            JobState.Terminal first = Fleet.end(submit(fleet, "lasting", 1, Strategy.THREADS, Limits.NONE));
            JobState.Terminal second = Fleet.end(submit(fleet, "named", 1, Strategy.THREADS, Limits.NONE));

            assertThat(first.error().orElseThrow()).contains("NonRetriableException", "no such user", "lasting@1");
            assertThat(second.error().orElseThrow()).contains("SocketException: connection reset", "named@1");
            assertThat(lasting.calls(0)).isEqualTo(1);
            assertThat(named.calls(0)).isEqualTo(1);
        }
    }

    /** A job of one chunk has too little time: more, where that was over before the function was called. */
    private static void timesOut(Fleet fleet, Called function, Strategy strategy) {
        int before = function.calls(0);
        for (long ms = 200; function.calls(0) == before; ms *= 2) {
            Limits limits = new Limits(OptionalLong.empty(), OptionalLong.of(ms));
            String name = function.description().id().name();
            JobState.Terminal ended = Fleet.end(submit(fleet, name, 1, strategy, limits));
            assertThat(ended.error().orElseThrow()).contains("TimedOut", ms / 1000.0 + " s", "--chunk-timeout");
        }
    }

    /** As {@link #timesOut}, and the function is not abandoned: once more, where it had no core for all of its grace. */
    private static void timesOutAndLeaves(Fleet fleet, Called function, Strategy strategy) {
        double before;
        int times = 0;
        do {
            before = abandoned(fleet);
            timesOut(fleet, function, strategy);
        } while (abandoned(fleet) > before && ++times < 5);
        assertThat(abandoned(fleet)).isEqualTo(before);
    }

    private static double abandoned(Fleet fleet) {
        return fleet.counted("fanfold.calls.abandoned");
    }

    @OnEveryBroker
    void aChunkThatRunsTooLongIsInterruptedAndOneThatDoesNotCareIsAbandonedAndTheLaneGoesOn(BrokerKind kind)
            throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger interrupted = new AtomicInteger();
        Called obedient = new Called("obedient@1", (_, _) -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                interrupted.incrementAndGet();
                throw e;
            }
        });
        Called stubborn = new Called("stubborn@1", (_, _) -> {
            while (end.getCount() > 0) {
                Thread.onSpinWait();
                boolean _ = Thread.interrupted();
            }
        });
        try (Fleet fleet = Fleet.on(kind)) {
            fleet.worker(
                    settings(fleet, new RetryPolicy(1, 1, Duration.ZERO, Duration.ZERO, Set.of())),
                    Called.registry(obedient, stubborn));
            fleet.aggregator("aggregator-1", fleet.store("results"));

            timesOutAndLeaves(fleet, obedient, Strategy.THREADS);
            timesOutAndLeaves(fleet, obedient, Strategy.ASYNC);
            await().atMost(Fleet.LONG).until(() -> interrupted.get() == obedient.calls(0));

            double abandoned = abandoned(fleet);
            timesOut(fleet, stubborn, Strategy.THREADS);
            assertThat(abandoned(fleet)).isEqualTo(abandoned + 1);
            lanesAreFree(fleet);
        } finally {
            end.countDown();
        }
    }

    @OnEveryBroker
    void aJobThatIsCancelledStopsWhatRunsAndDropsWhatWaits(BrokerKind kind) throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger interrupted = new AtomicInteger();
        Called hangs = new Called("hangs@1", (_, _) -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                interrupted.incrementAndGet();
                throw e;
            }
        });
        try (Fleet fleet = Fleet.on(kind)) {
            Worker worker = fleet.worker(settings(fleet, RetryPolicy.DEFAULT), Called.registry(hangs));
            fleet.aggregator("aggregator-1", fleet.store("results"));
            await().atMost(Fleet.LONG).until(() -> worker.lanes() == 6);
            JobHandle job = submit(fleet, "hangs", 100, Strategy.THREADS, Limits.NONE);
            await().atMost(Fleet.LONG).until(() -> hangs.chunks() == 6 && fleet.gauged("fanfold.lane.waiting") == 94);

            fleet.map().cancel(job.id(), "not wanted");

            await().atMost(Fleet.LONG).until(() -> interrupted.get() == 6);
            lanesAreFree(fleet);
            assertThat(Fleet.end(job).end()).isEqualTo(JobState.End.CANCELLED);
            assertThat(hangs.chunks()).isEqualTo(6);
            assertThat(outcomes(fleet, job)).isEmpty();
            assertThat(fleet.counted("fanfold.chunks.cancelled")).isEqualTo(100);
        }
    }

    @OnEveryBroker
    void afterTheFirstFinalFailureTheRestOfTheJobIsNotComputed(BrokerKind kind) throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Called fails = new Called("fails@1", (chunk, _) -> {
            if (chunk == 0) {
                throw new IllegalArgumentException("chunk 0 is bad");
            }
            never.await();
        });
        try (Fleet fleet = Fleet.on(kind)) {
            fleet.worker(settings(fleet, RetryPolicy.DEFAULT), Called.registry(fails));
            fleet.aggregator("aggregator-1", fleet.store("results"));

            JobHandle job = submit(fleet, "fails", 100, Strategy.THREADS, Limits.NONE);

            assertThat(Fleet.end(job).error().orElseThrow()).contains("chunk 0 is bad");
            lanesAreFree(fleet);
            assertThat(fails.chunks()).isLessThan(10);
            assertThat(outcomes(fleet, job)).hasSize(1);
        }
    }

    @OnEveryBroker
    void aChunkThatCameTooLateSaysSoAndWhatToDo(BrokerKind kind) {
        try (Fleet fleet = Fleet.on(kind)) {
            fleet.worker("says-what-there-is").close();
            fleet.aggregator("aggregator-1", fleet.store("results"));
            JobHandle late = submit(
                    fleet, "identity", 12, Strategy.THREADS, new Limits(OptionalLong.of(1), OptionalLong.empty()));
            JobHandle inTime = submit(
                    fleet,
                    "identity",
                    12,
                    Strategy.THREADS,
                    new Limits(OptionalLong.of(3_600_000), OptionalLong.empty()));

            fleet.worker("worker-1");

            assertThat(Fleet.end(late).error().orElseThrow())
                    .contains("DeadlineExceeded", "0.001 s", "--time-to-live", "more workers");
            assertThat(Fleet.end(inTime).end()).isEqualTo(JobState.End.COMPLETED);
        }
    }
}
