package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.aggregator.AggregatorSettings;
import io.fanfold.aggregator.catalog.Policy;
import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.split.ChunkSize;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.OnEveryBroker;
import io.fanfold.testkit.RandomArrays;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Results that an aggregator was told to keep for a while. */
final class ResultExpiryIT {
    private static final int JOBS = 12;
    private static final ArraySlice ARRAY = new RandomArrays(3).of(DType.parse("<f8"), Shape.of(8), Order.C);

    @OnEveryBroker
    void resultsThatWereKeptLongEnoughAreRemovedAndEachIsSaidToBeGoneOnce(BrokerKind kind) {
        try (Fleet fleet = Fleet.on(kind)) {
            fleet.worker("worker-1");
            fleet.aggregator(
                    new AggregatorSettings(fleet.kafka(), "aggregator-1", fleet.store("results"), Optional.empty())
                            .with(keepFor(Duration.ofSeconds(3))));

            List<JobHandle> jobs = IntStream.range(0, JOBS)
                    .mapToObj(_ -> fleet.submit(fleet.function("identity"), Map.of(), ARRAY, 0, new ChunkSize.Count(2)))
                    .toList();
            List<Path> results = jobs.stream().map(Fleet::result).toList();

            await().atMost(Fleet.LONG)
                    .until(() -> jobs.stream().allMatch(job -> job.gone().isPresent()));
            assertThat(jobs)
                    .allSatisfy(
                            job -> assertThat(job.gone().orElseThrow().end()).isEqualTo(JobState.End.EXPIRED));
            await().atMost(Fleet.LONG)
                    .untilAsserted(() -> assertThat(results)
                            .allSatisfy(result -> assertThat(result).doesNotExist()));
            assertThat(fleet.counted("fanfold.results.gone")).isEqualTo(JOBS);
        }
    }

    private static Policy keepFor(Duration keep) {
        Policy policy = Policy.DEFAULT;
        return new Policy(
                policy.purgeAfter(),
                policy.abandonAfter(),
                Optional.of(keep),
                policy.forgetAfter(),
                policy.purgeEvery(),
                Duration.ofSeconds(1),
                policy.checkpointBytes());
    }
}
