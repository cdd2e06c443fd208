package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.client.MapRequest;
import io.fanfold.producer.source.Incoming;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.Topics;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.OnEveryBroker;
import io.fanfold.worker.Worker;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** What stands in Kafka of a job that is larger than what the fleet can take. */
final class WindowIT {
    private static final int CHUNKS = 64;
    private static final int CHUNK_BYTES = 1_000_000;

    private final ArraySlice giant = new ArraySlice(
            DType.parse("|u1"),
            Shape.of((long) CHUNKS * CHUNK_BYTES),
            Order.C,
            MemorySegment.ofArray(new byte[CHUNKS * CHUNK_BYTES]));

    private static long written(Fleet fleet) {
        return Raw.read(fleet.kafka(), fleet.kafka().topics().chunks(Topics.DEFAULT_POOL))
                .size();
    }

    @OnEveryBroker
    void itNeverStandsInKafkaWholeAndACancelledOneStopsBeingWritten(BrokerKind kind) throws Exception {
        try (Fleet fleet = Fleet.on(kind)) {
            Worker worker = fleet.worker("worker-1");
            fleet.aggregator("aggregator-1", fleet.store("results"));
            fleet.awaitFunction("sleep");
            worker.close(); // the fleet stands still: nothing is done
            MapRequest request = MapRequest.of("sleep").with("ms", 0).inChunks(CHUNKS);
            JobHandle job = fleet.map().accept(Incoming.of(giant), request);
            CompletableFuture<Void> dispatched =
                    CompletableFuture.runAsync(() -> fleet.map().dispatch(job, giant));

            await().atMost(Fleet.LONG).until(() -> written(fleet) >= 16);
            await().during(Duration.ofSeconds(1)).atMost(Fleet.LONG).until(() -> written(fleet) <= 18);
            assertThat(dispatched).isNotDone();

            fleet.map().cancel(job.id(), "too large");
            assertThat(Fleet.end(job).end()).isEqualTo(JobState.End.CANCELLED);
            dispatched.get();
            assertThat(written(fleet)).isLessThanOrEqualTo(18);
        }
    }

    @OnEveryBroker
    void itGoesOnAsFastAsTheFleetDoes(BrokerKind kind) throws Exception {
        try (Fleet fleet = Fleet.whole(kind)) {
            fleet.awaitFunction("sleep");
            MapRequest request = MapRequest.of("sleep").with("ms", 0).inChunks(CHUNKS);
            JobHandle job = fleet.map().accept(Incoming.of(giant), request);
            fleet.map().dispatch(job, giant);

            assertThat(Fleet.end(job).end()).isEqualTo(JobState.End.COMPLETED);
        }
    }
}
