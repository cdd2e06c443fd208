package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.aggregator.Aggregator;
import io.fanfold.aggregator.AggregatorSettings;
import io.fanfold.aggregator.catalog.Policy;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.RandomArrays;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Aggregators come and go in the middle of streams, and submitters go without a word. */
@SuppressWarnings("NullAway.Init") // what is here is there before each test
final class StreamSuccessionIT {
    private static final Duration LATE = Duration.ofHours(1);
    private static final ArraySlice ARRAY = new RandomArrays(7).of(DType.parse("<i8"), Shape.of(23, 3), Order.C);

    private Fleet fleet;
    private KafkaSettings kafka;

    @BeforeEach
    void start() {
        fleet = Fleet.on(BrokerKind.IN_JVM);
        kafka = fleet.kafka();
    }

    @AfterEach
    void stop() {
        fleet.close();
    }

    /** One that writes every job down. */
    private Aggregator aggregator(String store, Duration abandonAfter) {
        Policy d = Policy.DEFAULT;
        Policy policy = new Policy(
                d.purgeAfter(), abandonAfter, d.keepResults(), d.forgetAfter(), d.purgeEvery(), d.checkEvery(), 1);
        return fleet.aggregator(
                new AggregatorSettings(kafka, "only", fleet.store(store), Optional.empty()).with(policy));
    }

    @ParameterizedTest
    @CsvSource({"true, 0", "true, 1", "true, 2", "false, 0", "false, 1", "false, 2"})
    void aSuccessorFinishesAStreamWheneverItIsSealed(boolean sameDisk, int when) throws Exception {
        fleet.worker("worker-1");
        Aggregator first = aggregator("results", LATE);
        HandStream job = HandStream.of(ARRAY, 0, 5);
        job.accept(kafka);
        job.chunks(kafka, 1, job.count());
        job.untilDone(kafka, job.count() - 1);
        if (when == 0) {
            job.seal(kafka);
            await().atMost(Fleet.LONG)
                    .until(() -> job.said(kafka, JobState.Progress.class)
                            .getLast()
                            .count()
                            .isPresent());
        }

        first.close();
        if (when == 1) {
            job.chunks(kafka, 0, 1);
            job.seal(kafka);
        }
        String store = sameDisk ? "results" : "others";
        aggregator(store, LATE);
        job.chunks(kafka, 0, 1);
        if (when == 2) {
            job.untilDone(kafka, job.count());
            job.seal(kafka);
        }

        assertThat(job.result(kafka, fleet.store(store))).isEqualTo(Npy.encode(ARRAY));
    }

    /** All is there when the first aggregator leaves, but for the word that it is all. */
    @Test
    void aSuccessorFindsAStreamWholeThatWasSealedWhileNobodyRan() throws Exception {
        fleet.worker("worker-1");
        Aggregator first = aggregator("results", LATE);
        HandStream job = HandStream.of(ARRAY, 0, 5);
        job.accept(kafka);
        job.chunks(kafka, 0, job.count());
        job.untilDone(kafka, job.count());
        first.close();
        double placed = fleet.counted("fanfold.outcomes", "verdict", "placed");

        job.seal(kafka);
        aggregator("results", LATE);

        assertThat(job.result(kafka, fleet.store("results"))).isEqualTo(Npy.encode(ARRAY));
        assertThat(fleet.counted("fanfold.outcomes", "verdict", "placed"))
                .as("it went on from its checkpoint")
                .isEqualTo(placed);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void aStreamThatNobodySealsIsExpiredWithOutcomesAndWithout(int chunks) {
        fleet.worker("worker-1");
        HandStream job = HandStream.of(ARRAY, 0, 5);
        job.accept(kafka);
        job.chunks(kafka, 0, chunks);
        aggregator("results", Duration.ofSeconds(1));

        assertThat(job.end(kafka).end()).isEqualTo(JobState.End.EXPIRED);
        assertThat(job.end(kafka).error().orElseThrow()).contains("never all sent");
    }
}
