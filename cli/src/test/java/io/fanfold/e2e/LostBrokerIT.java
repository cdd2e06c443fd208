package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.aggregator.Aggregator;
import io.fanfold.aggregator.AggregatorSettings;
import io.fanfold.aggregator.catalog.Catalog;
import io.fanfold.aggregator.store.Moments.Moment;
import io.fanfold.broker.LocalBroker;
import io.fanfold.cli.local.LocalFleet;
import io.fanfold.protocol.wire.KafkaSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Roles that are told to end when their broker is gone and does not come back. */
final class LostBrokerIT {
    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    Path directory;

    @Test
    void anAggregatorThatWaitsToSaySomethingEnds() throws Exception {
        LocalBroker broker = LocalBroker.start(directory.resolve("broker"), LocalBroker.freePort(), Map.of());
        CompletableFuture<Void> gone = new CompletableFuture<>();
        AtomicBoolean going = new AtomicBoolean();
        KafkaSettings kafka = KafkaSettings.at(broker.bootstrapServers());
        LocalFleet.topics(kafka, 1);
        AggregatorSettings settings = new AggregatorSettings(
                        kafka, "aggregator-1", directory.resolve("results"), Optional.empty())
                .with(moment -> {
                    if (moment == Moment.RENAMED && going.compareAndSet(false, true)) {
                        CompletableFuture.runAsync(broker::close).join();
                        gone.complete(null);
                    }
                });
        Aggregator aggregator = Aggregator.start(settings, new SimpleMeterRegistry());

        HandJob job = HandJob.of(HandJob.Form.ALIGNED, 1, 0);
        job.accept(kafka);
        job.write(kafka, 0, job.outcomes().size());
        await().atMost(LONG).until(() -> gone.isDone() && saysSomething());
        aggregator.close();

        assertThat(aggregator.ended()).isCompleted();
        assertThat(aggregator.failure()).isEmpty();
    }

    private static boolean saysSomething() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey().getName().equals("aggregator"))
                .flatMap(thread -> Arrays.stream(thread.getValue()))
                .anyMatch(frame -> frame.getClassName().equals(Catalog.class.getName()));
    }
}
