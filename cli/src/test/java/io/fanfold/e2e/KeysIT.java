package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.client.JobReport;
import io.fanfold.producer.client.MapRequest;
import io.fanfold.producer.client.ParallelMap;
import io.fanfold.producer.dispatch.ConflictException;
import io.fanfold.producer.source.Incoming;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.Topics;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.OnEveryBroker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** A submitter's key: one job however often it is asked for, by whomever, and dispatch that goes on where it stopped. */
final class KeysIT {
    private static final MapRequest NEGATE =
            MapRequest.of("negate").withKey("night run 17").inChunks(40);

    private static ArraySlice array(int length, long last) {
        long[] numbers = new long[length];
        for (int i = 0; i < length; i++) {
            numbers[i] = i;
        }
        numbers[length - 1] = last;
        return new ArraySlice(DType.parse("<i8"), Shape.of(length), Order.C, MemorySegment.ofArray(numbers));
    }

    private static ParallelMap client(Fleet fleet, String name) {
        return ParallelMap.connect(fleet.kafka(), name, Set.of(Topics.DEFAULT_POOL), new SimpleMeterRegistry());
    }

    private static JobHandle submit(ParallelMap map, MapRequest request, ArraySlice array) {
        JobHandle job = map.accept(Incoming.of(array), request);
        map.dispatch(job, array);
        return job;
    }

    private static void isNegated(JobHandle job, ArraySlice array) {
        try (Arena arena = Arena.ofConfined()) {
            ArraySlice result = Npy.map(Fleet.result(job), arena);
            assertThat(result.shape()).isEqualTo(array.shape());
            for (long i = 0; i < array.shape().dim(0); i++) {
                assertThat(result.data().getAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, i))
                        .isEqualTo(-array.data().getAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, i));
            }
        }
    }

    /** How many chunk records there are. */
    private static long written(Fleet fleet) {
        return Raw.read(fleet.kafka(), fleet.kafka().topics().chunks(Topics.DEFAULT_POOL))
                .size();
    }

    @OnEveryBroker
    void producersThatAcceptTheSameKeyAtTheSameTimeMakeOneJob(BrokerKind kind) throws Exception {
        try (Fleet fleet = Fleet.whole(kind);
                ParallelMap one = client(fleet, "one");
                ParallelMap other = client(fleet, "other");
                ExecutorService submitters = Executors.newFixedThreadPool(8)) {
            fleet.awaitFunction("negate");
            ArraySlice array = array(1000, -5);
            CountDownLatch start = new CountDownLatch(1);
            List<Future<JobHandle>> asked = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                ParallelMap map = i % 2 == 0 ? one : other;
                asked.add(submitters.submit(() -> {
                    start.await();
                    return submit(map, NEGATE, array);
                }));
            }
            start.countDown();
            List<JobHandle> jobs = new ArrayList<>();
            for (Future<JobHandle> job : asked) {
                jobs.add(job.get());
            }

            assertThat(jobs)
                    .extracting(JobHandle::id)
                    .containsOnly(jobs.getFirst().id());
            for (JobHandle job : jobs) {
                isNegated(job, array);
            }
            List<JobReport> all = one.jobs().all();
            assertThat(all)
                    .extracting(JobReport::job)
                    .containsExactly(jobs.getFirst().id());
        }
    }

    @OnEveryBroker
    void anotherRequestUnderTheSameKeyIsAConflictThatSaysSo(BrokerKind kind) {
        try (Fleet fleet = Fleet.whole(kind);
                ParallelMap other = client(fleet, "other")) {
            fleet.awaitFunction("negate");
            ArraySlice array = array(20_000, 5);
            JobId job = submit(fleet.map(), NEGATE, array).id();

            conflict(other, NEGATE, array(20_001, 5), job); // another shape
            conflict(other, MapRequest.of("abs").withKey("night run 17").inChunks(40), array, job);
            conflict(other, NEGATE.inChunks(41), array, job);
            ArraySlice first = array(20_000, 5);
            first.data().set(ValueLayout.JAVA_LONG_UNALIGNED, 0, 77); // other data from the beginning on
            conflict(other, NEGATE, first, job);
            conflict(other, NEGATE, array(20_000, 6), job); // the very last element

            JobHandle same = submit(other, NEGATE, array);
            assertThat(same.id()).isEqualTo(job);
            isNegated(same, array);
            assertThat(written(fleet)).isEqualTo(40);
        }
    }

    private static void conflict(ParallelMap map, MapRequest request, ArraySlice array, JobId job) {
        assertThatThrownBy(() -> submit(map, request, array))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("night run 17")
                .hasMessageContaining(job.value());
    }

    @OnEveryBroker
    void aPlanThatIsLeftToUsIsThatOfTheJobThatThereIs(BrokerKind kind) {
        try (Fleet fleet = Fleet.whole(kind);
                ParallelMap other = client(fleet, "other")) {
            fleet.awaitFunction("negate");
            ArraySlice array = array(1000, 5);
            JobId job = submit(fleet.map(), NEGATE, array).id();

            MapRequest left = MapRequest.of("negate").withKey("night run 17");
            assertThat(submit(other, left, array).id()).isEqualTo(job);
        }
    }

    @OnEveryBroker
    void afterAnEndWithoutAResultAKeyMakesANewJobAndOnlyOne(BrokerKind kind) {
        try (Fleet fleet = Fleet.whole(kind);
                ParallelMap other = client(fleet, "other")) {
            fleet.awaitFunction("sleep");
            ArraySlice array = array(1000, 5);
            MapRequest slow =
                    MapRequest.of("sleep").with("ms", 60_000).withKey("k").inChunks(2);
            JobHandle first = submit(fleet.map(), slow, array);
            fleet.map().cancel(first.id(), "not wanted");
            assertThat(Fleet.end(first).end()).isEqualTo(JobState.End.CANCELLED);

            MapRequest quick = MapRequest.of("sleep").with("ms", 0).withKey("k").inChunks(2);
            JobHandle second = submit(fleet.map(), quick, array);
            JobHandle again = submit(other, quick, array);

            assertThat(second.id()).isNotEqualTo(first.id()).isEqualTo(again.id());
            assertThat(Fleet.end(again).end()).isEqualTo(JobState.End.COMPLETED);
            assertThat(other.attach("k").map(JobHandle::id)).contains(second.id());
        }
    }

    @OnEveryBroker
    void dispatchGoesOnWhereAnotherStopped(BrokerKind kind) {
        try (Fleet fleet = Fleet.whole(kind);
                ParallelMap other = client(fleet, "other")) {
            fleet.awaitFunction("negate");
            ArraySlice array = array(1000, 5);
            JobHandle first = fleet.map().accept(Incoming.of(array), NEGATE);
            AtomicInteger left = new AtomicInteger(25);
            fleet.map().dispatch(first, array, () -> left.getAndDecrement() > 0);
            await().atMost(Fleet.LONG)
                    .until(() -> first.progress().done() == first.progress().doneBelow()
                            && first.progress().done() > 0
                            && first.progress().done() == written(fleet));
            long before = written(fleet);
            assertThat(before).isLessThan(40);

            JobHandle second = submit(other, NEGATE, array);

            assertThat(second.id()).isEqualTo(first.id());
            isNegated(first, array);
            isNegated(second, array);
            assertThat(written(fleet)).isEqualTo(40);
        }
    }

    @OnEveryBroker
    void whoComesLaterFindsTheJobByIdAndByKeyWithItsResult(BrokerKind kind) {
        try (Fleet fleet = Fleet.whole(kind)) {
            fleet.awaitFunction("negate");
            ArraySlice array = array(1000, 5);
            JobHandle job = submit(fleet.map(), NEGATE, array);
            Fleet.end(job);
            try (ParallelMap later = client(fleet, "later")) {
                for (Optional<JobHandle> found : List.of(later.attach(job.id()), later.attach("night run 17"))) {
                    assertThat(found).isPresent();
                    isNegated(found.get(), array);
                    assertThat(Fleet.end(found.get()).result().orElseThrow().inline())
                            .isPresent();
                }
                assertThat(later.attach(new JobId("nobody"))).isEmpty();
                assertThat(later.attach("no such key")).isEmpty();
            }
        }
    }
}
